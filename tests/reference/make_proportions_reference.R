# Reference numbers for every method on proportions: Rscript make_proportions_reference.R -> proportions_reference.json
# R's own functions where they exist (prop.test, fisher.test, binom.test, epiR), the published formula otherwise.
# Barnard and Boschloo: all tables enumerated, the probability maximised on a grid and then by optimize().
suppressMessages({library(epiR); library(jsonlite)})

cases <- list()
add <- function(id, input, expected) cases[[id]] <<- list(input = input, expected = expected)
limits <- function(test) as.numeric(test$conf.int)
cut_off <- function(interval, low, high) pmin(pmax(interval, low), high)

# one proportion: prop.test moves x by at most the distance from its null value, so that value is put far away ----
wilson <- function(x, n, level, correct = FALSE)
  limits(suppressWarnings(prop.test(x, n, p = if (x > n / 2) 0.001 else 0.999, correct = correct, conf.level = level)))
for (q in list(c(0, 1), c(1, 1), c(0, 20), c(20, 20), c(1, 20), c(10, 20), c(13, 40), c(90, 112), c(33, 56), c(5, 133)))
  for (level in c(.95, .90)) {
    x <- q[1]; n <- q[2]; p <- x / n; z <- qnorm((1 + level) / 2); tail <- (1 - level) / 2
    more <- n + z^2; centre <- (x + z^2 / 2) / more
    add(sprintf("proportion %d/%d %g", x, n, level), list(x = x, n = n, conf_level = level),
        list(wilson_corrected = wilson(x, n, level, TRUE),
             jeffreys = c(if (x == 0) 0 else qbeta(tail, x + .5, n - x + .5),
                          if (x == n) 1 else qbeta(1 - tail, x + .5, n - x + .5)),
             agresti_coull = cut_off(centre + c(-z, z) * sqrt(centre * (1 - centre) / more), 0, 1),
             wald = cut_off(p + c(-z, z) * sqrt(p * (1 - p) / n), 0, 1),
             wald_corrected = cut_off(p + c(-1, 1) * (z * sqrt(p * (1 - p) / n) + 1 / (2 * n)), 0, 1)))
  }

# two proportions ------------------------------------------------------------------------------------------------
hybrid <- function(t, correct) {
  w1 <- wilson(t[1], t[2], .95, correct); w0 <- wilson(t[3], t[4], .95, correct); p1 <- t[1] / t[2]; p0 <- t[3] / t[4]
  cut_off(p1 - p0 + c(-sqrt((p1 - w1[1])^2 + (w0[2] - p0)^2), sqrt((w1[2] - p1)^2 + (p0 - w0[1])^2)), -1, 1)
}
caffo <- function(t) {
  p1 <- (t[1] + 1) / (t[2] + 2); p0 <- (t[3] + 1) / (t[4] + 2)
  cut_off(p1 - p0 + c(-1, 1) * qnorm(.975) * sqrt(p1 * (1 - p1) / (t[2] + 2) + p0 * (1 - p0) / (t[4] + 2)), -1, 1)
}
two_sample <- function(t, correct)
  limits(suppressWarnings(prop.test(c(t[1], t[3]), c(t[2], t[4]), correct = correct)))
largest <- function(extreme, n1, n0) {                      # over the common rate
  chance <- function(p) sum(outer(dbinom(0:n1, n1, p), dbinom(0:n0, n0, p)) * extreme)
  grid <- seq(0, 1, length.out = 4001)
  b1 <- sapply(grid, function(p) dbinom(0:n1, n1, p)); b0 <- sapply(grid, function(p) dbinom(0:n0, n0, p))
  values <- colSums(b1 * (extreme %*% b0))
  near <- order(values, decreasing = TRUE)[1:5]
  min(1, max(values, sapply(near, function(i)
    optimize(chance, pmin(pmax(grid[i] + c(-1, 1) / 4000, 0), 1), maximum = TRUE, tol = 1e-12)$objective)))
}
mid_p <- function(t, m) {                                   # tables as probable as the observed one count by half
  possible <- dhyper(max(0, t[1] + t[3] - t[4]):min(t[2], t[1] + t[3]), t[2], t[4], t[1] + t[3])
  observed <- dhyper(t[1], t[2], t[4], t[1] + t[3])
  fisher.test(m)$p.value - sum(possible[abs(possible / observed - 1) < 1e-7]) / 2
}
barnard <- function(t) {
  x1 <- row(diag(0, t[2] + 1, t[4] + 1)) - 1; x0 <- col(diag(0, t[2] + 1, t[4] + 1)) - 1
  pooled <- (x1 + x0) / (t[2] + t[4]); v <- pooled * (1 - pooled) * (1 / t[2] + 1 / t[4])
  z <- ifelse(v > 0, abs(x1 / t[2] - x0 / t[4]) / sqrt(v), 0)
  largest((z >= z[t[1] + 1, t[3] + 1] - 1e-9) * 1, t[2], t[4])
}
boschloo <- function(t) {
  x1 <- row(diag(0, t[2] + 1, t[4] + 1)) - 1; x0 <- col(diag(0, t[2] + 1, t[4] + 1)) - 1
  one_sided <- function(p) largest((p <= p[t[1] + 1, t[3] + 1] * (1 + 1e-9)) * 1, t[2], t[4])
  below <- matrix(phyper(x1, t[2], t[4], x1 + x0), t[2] + 1)
  above <- matrix(phyper(x1 - 1, t[2], t[4], x1 + x0, lower.tail = FALSE), t[2] + 1)
  min(1, 2 * min(one_sided(below), one_sided(above)))
}
for (t in list(c(90, 112, 33, 56), c(36, 62, 26, 71), c(24, 30, 16, 30), c(45, 60, 31, 60), c(16, 42, 0, 21),
               c(15, 15, 12, 14), c(0, 10, 3, 10), c(10, 10, 0, 20), c(2, 3, 1, 4), c(1, 1, 0, 1), c(0, 10, 0, 20),
               c(19, 35, 8, 10), c(9, 11, 4, 12), c(5, 20, 5, 20))) {
  m <- matrix(c(t[1], t[2] - t[1], t[3], t[4] - t[3]), 2, byrow = TRUE)
  d <- t[1] / t[2] - t[3] / t[4]; moved <- (1 / t[2] + 1 / t[4]) / 2
  expected <- list(newcombe = hybrid(t, FALSE), newcombe_corrected = hybrid(t, TRUE), agresti_caffo = caffo(t),
                   wald_difference = two_sample(t, FALSE),
                   mid_p = mid_p(t, m),
                   barnard = barnard(t), boschloo = boschloo(t))
  if (abs(d) >= moved) expected$wald_difference_corrected <- two_sample(t, TRUE)  # else prop.test moves by less
  if (all(m > 0)) {
    by_epi <- epi.2by2(m, method = "cohort.count", conf.level = .95)$massoc.detail
    expected$katz <- as.numeric(by_epi$RR.strata.wald[c("lower", "upper")])
    expected$woolf <- as.numeric(by_epi$OR.strata.wald[c("lower", "upper")])
  }
  add(paste0("table ", t[1], "/", t[2], " v ", t[3], "/", t[4]), list(x1 = t[1], n1 = t[2], x0 = t[3], n0 = t[4]), expected)
}

meta <- list(R = R.version.string, packages = list(epiR = as.character(packageVersion("epiR"))))
write(toJSON(list(meta = meta, cases = cases), auto_unbox = TRUE, digits = NA, null = "null", na = "null"),
      "proportions_reference.json")
cat(length(cases), "cases\n")
