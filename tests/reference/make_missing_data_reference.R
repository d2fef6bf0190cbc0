# Reference numbers for missing answers: Rscript make_missing_data_reference.R -> missing_data_reference.json
# R 4.2.2, mice 3.15-0: Rubin's rules, the posterior of a logistic model, imputation itself, the score test over a grid.
suppressMessages({library(jsonlite); library(mice)})

cases <- list()
add <- function(id, input, expected) cases[[id]] <<- list(input = input, expected = expected)

# Rubin's rules ----------------------------------------------------------------------------------------------
set.seed(410)
pools <- list(
  list(q = c(.31, .28, .35, .30, .29), u = c(.01, .011, .0095, .0102, .0099), n = 80),
  list(q = c(.10, .25), u = c(.004, .006), n = 12),
  list(q = rnorm(20, .2, .05), u = runif(20, .006, .008), n = 119),
  list(q = rnorm(200, -.1, .02), u = runif(200, .006, .008), n = 56),
  list(q = rnorm(10, 0, .4), u = runif(10, .001, .002), n = 30))
for (i in seq_along(pools)) {
  p <- pools[[i]]
  found <- pool.scalar(p$q, p$u, n = p$n, k = 2)                     # complete degrees of freedom n - 2
  half <- qt(.975, found$df) * sqrt(found$t)
  add(paste("pool", i), list(estimates = p$q, variances = p$u, complete_df = p$n - 2),
      list(estimate = found$qbar, within = found$ubar, between = found$b, variance = found$t, df = found$df,
           low = found$qbar - half, high = found$qbar + half,
           p = 2 * pt(-abs(found$qbar) / sqrt(found$t), found$df)))
}

# the imputation model of one arm: glm, and the responders to be expected among the missing -----------------------
arm <- function(n, missing, seed) {
  set.seed(seed)
  d <- data.frame(age = round(rnorm(n, 45, 12)), base = round(rgamma(n, 3, .2)), female = rbinom(n, 1, .6))
  d$y <- rbinom(n, 1, plogis(-1 + .03 * (d$age - 45) + .06 * (d$base - 15) + .4 * d$female))
  d$missing <- seq_len(n) %in% sample(n, missing)
  d
}
expected_response <- function(mean, sd)                    # of one participant whose log odds are normal
  integrate(function(z) plogis(mean + sd * z) * dnorm(z), -10, 10, rel.tol = 1e-11)$value
arms <- list("60, 6 missing" = arm(60, 6, 1), "58, 12 missing" = arm(58, 12, 2), "40, 1 missing" = arm(40, 1, 3))
for (name in names(arms)) {
  d <- arms[[name]]
  fit <- glm(y ~ age + base + female, binomial, d[!d$missing, ], control = list(epsilon = 1e-14, maxit = 100))
  X <- model.matrix(~ age + base + female, d[d$missing, ])
  expectation <- mapply(expected_response, X %*% coef(fit), sqrt(rowSums((X %*% vcov(fit)) * X)))
  intercept <- glm(y ~ 1, binomial, d[!d$missing, ], control = list(epsilon = 1e-14, maxit = 100))
  add(paste("arm", name), d[c("age", "base", "female", "y", "missing")],
      list(coefficients = as.numeric(coef(fit)), covariance = unname(vcov(fit)), responders = sum(expectation),
           intercept = c(coef(intercept), vcov(intercept)),
           responders_without_covariates = sum(d$missing) * expected_response(coef(intercept), sqrt(vcov(intercept)))))
}

# the whole way by mice: two arms, each imputed by itself with its own logistic draws, 1000 times --------------------
m <- 1000
rates <- lapply(arms[1:2], function(d) {
  d$y[d$missing] <- NA
  completed <- mice(transform(d[c("age", "base", "female")], y = factor(d$y)), m = m, maxit = 1, seed = 7,
                    method = c("", "", "", "logreg"), printFlag = FALSE)
  sapply(seq_len(m), function(i) mean(complete(completed, i)$y == "1"))
})
sizes <- sapply(arms[1:2], nrow)
u <- rates[[1]] * (1 - rates[[1]]) / sizes[1] + rates[[2]] * (1 - rates[[2]]) / sizes[2]
whole <- pool.scalar(rates[[1]] - rates[[2]], u, n = sum(sizes), k = 2)
add("mice", list(arms = names(arms)[1:2]),
    list(estimate = whole$qbar, std_err = sqrt(whole$t), between = whole$b, df = whole$df))

# the score test over whole grids: prop.test without correction, times (N-1)/N ---------------------------------------
score <- function(x1, n1, x0, n0) {
  chi2 <- suppressWarnings(prop.test(c(x1, x0), c(n1, n0), correct = FALSE)$statistic)
  ifelse(is.nan(chi2), 0, chi2 * (n1 + n0 - 1) / (n1 + n0))
}
for (t in list(c(40, 60, 5, 26, 59, 4), c(36, 60, 4, 24, 59, 4), c(0, 5, 5, 0, 4, 4), c(3, 8, 2, 7, 7, 0),
               c(10, 30, 12, 20, 31, 9), c(0, 1, 1, 1, 1, 0), c(14, 19, 1, 6, 14, 0)))
  add(paste("grid", paste(t, collapse = " ")), list(experimental = t[1:3], control = t[4:6]),
      list(statistic = outer(0:t[3], 0:t[6], Vectorize(function(j, k) score(t[1] + j, t[2], t[4] + k, t[5])))))

writeLines(toJSON(list(meta = list(R = R.version.string, mice = as.character(packageVersion("mice"))), cases = cases),
                  auto_unbox = TRUE, digits = 15, na = "null"), "missing_data_reference.json")
