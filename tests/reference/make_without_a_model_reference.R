# Reference numbers for comparisons without a model:
# Rscript make_without_a_model_reference.R -> without_a_model_reference.json
# Base R 4.2.2 wilcox.test; exactRankTests 0.8-35 and coin 1.4-2 for ties; areas by a loop over the days.
suppressMessages({library(jsonlite); library(coin); library(exactRankTests)})

cases <- list()
add <- function(id, input, expected) cases[[id]] <<- list(input = input, expected = expected)

# rank sums --------------------------------------------------------------------------------------------------
set.seed(20261)
distinct <- function(n) sample(5:2000, n) + round(runif(n), 3)
samples <- list(
  "published 4 v 6" = list(c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46), c(1.15, 0.88, 0.90, 0.74, 1.21)),
  "7 v 6" = list(c(12, 18, 25, 31, 44, 58, 90), c(5, 9, 14, 16, 22, 27)),
  "2 v 3" = list(c(4, 9), c(1, 2, 7)), "1 v 1" = list(5, 3), "39 v 1" = list(distinct(39), 300.5),
  "3 v 4" = list(c(11, 17, 23), c(1, 2, 3, 30)), "4 v 4 apart" = list(c(11, 12, 13, 14), c(1, 2, 3, 4)),
  "12 v 17" = local({v <- distinct(29); list(v[1:12], v[13:29])}),
  "49 v 49" = local({v <- distinct(98); list(v[1:49], v[50:98])}),
  "50 v 20" = local({v <- distinct(70); list(v[1:50], v[51:70])}),
  "60 v 58" = local({v <- distinct(118); list(v[1:60] * 1.4, v[61:118])}),
  "ties 8 v 7" = list(c(30, 30, 45, 60, 60, 60, 82, 100), c(12, 30, 30, 41, 45, 60, 70)),
  "ties 20 v 18" = list(sample(10 * 1:12, 20, TRUE), sample(10 * 1:8, 18, TRUE)),
  "ties 60 v 59" = list(sample(5:180, 60, TRUE), sample(5:120, 59, TRUE)),
  "ties 5 v 5 mostly" = list(c(1, 1, 1, 1, 2), c(1, 1, 1, 2, 2)))
quiet <- function(...) suppressWarnings(wilcox.test(..., conf.int = TRUE, tol.root = 1e-13, digits.rank = 12))
for (name in names(samples)) {
  x <- samples[[name]][[1]]; y <- samples[[name]][[2]]; pooled <- c(x, y)
  normal <- suppressWarnings(wilcox.test(x, y, exact = FALSE))
  limits <- tryCatch(quiet(x, y, exact = FALSE)$conf.int, error = function(e) c(NA, NA))    # fails for 1 v 1
  expected <- list(estimate = median(outer(x, y, "-")), W = as.numeric(normal$statistic), normal_p = normal$p.value,
                   normal_low = limits[1], normal_high = limits[2],
                   uncorrected_p = suppressWarnings(wilcox.test(x, y, exact = FALSE, correct = FALSE)$p.value))
  if (!anyDuplicated(pooled) && max(length(x), length(y)) < 50) {
    exact <- quiet(x, y, exact = TRUE)
    expected <- c(expected, exact_p = exact$p.value, exact_low = exact$conf.int[1], exact_high = exact$conf.int[2])
  }
  if (anyDuplicated(pooled) && length(pooled) < 60) {
    group <- factor(rep(c("x", "y"), c(length(x), length(y))))
    expected <- c(expected, permutation_p = wilcox.exact(x, y)$p.value,
                  coin_p = as.numeric(coin::pvalue(coin::wilcox_test(pooled ~ group, distribution = "exact"))),
                  coin_normal_p = as.numeric(coin::pvalue(coin::wilcox_test(pooled ~ group))))
  }
  add(paste("rank sum", name), list(x1 = I(x), x0 = I(y)), expected)
}
# the places of the exact limits for all small sizes: the differences of 1..m+n in one fixed arrangement
places <- list()
for (m in 1:14) for (n in 1:14) {
  quantile <- max(qwilcox(.025, m, n), 1)
  places[[length(places) + 1]] <- c(m, n, quantile, 2 * pwilcox(quantile - 1, m, n) <= .05 + 1e-12)
}
add("places", list(), list(places = do.call(rbind, places)))

# areas under the platelet curve: a straight line between counts, looked at in steps of 1/1000 day ---------------
courses <- list(
  list(day = c(1, 8, 15, 29, 57), count = c(12, 40, 95, 60, 55), end = 57),
  list(day = c(1, 8, 15, 29, 57), count = c(12, 40, 95, 60, 55), end = 43),
  list(day = c(1, 3, 4, 90), count = c(5, 5, 200, 10), end = 29),
  list(day = c(1, 183), count = c(20, 110), end = 183))
for (i in seq_along(courses)) {
  course <- courses[[i]]
  step <- 1 / 1000
  middle <- seq(1 + step / 2, course$end, by = step)
  add(paste("area", i), course, list(area = sum(approx(course$day, course$count, middle)$y) * step,
                                     days = course$end - 1))
}
for (k in 1:3) {
  x <- c(7, 7.5, 12, 19, 33, 58, 61, 80, 99, 140)[1:(6 + k)]
  add(paste("quartiles", k), list(x = x), list(quartiles = as.numeric(quantile(x, c(.25, .5, .75)))))
}

writeLines(toJSON(list(meta = list(R = R.version.string, exactRankTests = as.character(packageVersion("exactRankTests")),
  coin = as.character(packageVersion("coin"))), cases = cases), auto_unbox = TRUE, digits = 15, na = "null"),
  "without_a_model_reference.json")
