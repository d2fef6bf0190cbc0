# Reference numbers for the baseline table: Rscript make_baseline_reference.R -> baseline_reference.json
# Quartiles by quantile(type = 2), SAS's default; standardised differences from their published formulas (Austin 2009;
# Yang and Dalton 2012) written with R's own var and a generalised inverse (MASS); of a category also as the Mahalanobis
# distance of its indicator variables.
suppressMessages({library(MASS); library(jsonlite)})

cases <- list()
add <- function(id, input, expected) cases[[id]] <<- list(input = input, expected = expected)

describe <- function(x) {
  k <- x[!is.na(x)]
  list(n = length(k), mean = mean(k), sd = sd(k), median = quantile(k, .5, type = 2, names = FALSE),
       q1 = quantile(k, .25, type = 2, names = FALSE), q3 = quantile(k, .75, type = 2, names = FALSE),
       minimum = min(k), maximum = max(k), missing = sum(is.na(x)))
}
of_means <- function(x, y) {
  x <- x[!is.na(x)]; y <- y[!is.na(y)]
  (mean(x) - mean(y)) / sqrt((var(x) + var(y)) / 2)
}
of_levels <- function(x, y) {                       # Yang and Dalton: all levels but one
  levels <- union(unique(x), unique(y))
  share <- function(v) sapply(levels[-1], function(l) mean(v == l))
  spread <- function(p) diag(p, length(p)) - outer(p, p)
  t <- share(x); c <- share(y); S <- (spread(t) + spread(c)) / 2
  sqrt(as.numeric(t(t - c) %*% ginv(S) %*% (t - c)))
}
as_mahalanobis <- function(x, y) {                  # the same from 0/1 variables and population covariances
  levels <- union(unique(x), unique(y))
  dummies <- function(v) sapply(levels[-1], function(l) as.numeric(v == l))
  X <- matrix(dummies(x), ncol = length(levels) - 1); Y <- matrix(dummies(y), ncol = length(levels) - 1)
  biased <- function(M) cov(M) * (nrow(M) - 1) / nrow(M)
  sqrt(mahalanobis(colMeans(X), colMeans(Y), (biased(X) + biased(Y)) / 2))
}

set.seed(20260331)
sizes <- list(c(60, 59), c(12, 7), c(5, 4), c(31, 94))
for (i in seq_along(sizes)) {
  n <- sizes[[i]]
  x <- round(rlnorm(n[1], log(12), .75), i %% 2); y <- round(rlnorm(n[2], log(15), .6), i %% 2)
  if (i != 3) { x[sample(n[1], 2)] <- NA; y[1] <- NA }
  add(paste("number", i), list(x = x, y = y),
      list(x = describe(x), y = describe(y), all = describe(c(x, y)), difference = of_means(x, y)))
}
levels <- list(c("F", "M"), c("0", "1", "2", "3"), c("ANA", "COOMBS", "CTD", "EVANS", "NONE"))
for (i in seq_along(levels)) {
  l <- levels[[i]]
  x <- sample(l, 58, replace = TRUE, prob = seq_along(l)); y <- sample(l, 47, replace = TRUE)
  add(paste("category", i), list(x = x, y = y), list(yang_dalton = of_levels(x, y), mahalanobis = as_mahalanobis(x, y)))
}
add("category 4", list(x = rep(c("a", "b"), c(8, 4)), y = rep(c("a", "b", "c"), c(3, 3, 6))),   # c in one arm only
    list(yang_dalton = of_levels(rep(c("a", "b"), c(8, 4)), rep(c("a", "b", "c"), c(3, 3, 6))),
         mahalanobis = as_mahalanobis(rep(c("a", "b"), c(8, 4)), rep(c("a", "b", "c"), c(3, 3, 6)))))
write(toJSON(list(versions = list(R = paste(R.version$major, R.version$minor, sep = "."),
                                  MASS = as.character(packageVersion("MASS"))), cases = cases),
             auto_unbox = TRUE, digits = NA, na = "null", pretty = TRUE), "baseline_reference.json")
