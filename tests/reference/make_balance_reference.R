# Reference numbers for balance after weighting: Rscript make_balance_reference.R -> balance_reference.json
# Scores by R's glm, weighted means by weighted.mean, standardised differences over the unweighted standard deviations
# (Austin 2009), both written out, effective sample sizes
# from Kish's formula, odds ratios and Wald limits by glm, the area under the curve by wilcox.test.
suppressMessages(library(jsonlite))

cases <- list()
add <- function(id, input, expected) cases[[id]] <<- list(input = input, expected = expected)

spread <- function(x, arm) {                         # 0/1: p(1-p); numbers: divisor n - 1
  of <- function(v) if (all(x %in% c(0, 1))) mean(v) * (1 - mean(v)) else var(v)
  sqrt((of(x[arm == 1]) + of(x[arm == 0])) / 2)
}
difference <- function(x, arm, w)
  (weighted.mean(x[arm == 1], w[arm == 1]) - weighted.mean(x[arm == 0], w[arm == 0])) / spread(x, arm)
truncated <- function(w, q, among) {
  limits <- quantile(w[among], c(q, 1 - q), type = 7, names = FALSE)
  ifelse(among, pmin(pmax(w, limits[1]), limits[2]), w)
}
ess <- function(w) sum(w)^2 / sum(w^2)               # Kish

set.seed(4915482)
for (i in 1:4) {
  n <- c(94, 49, 60, 200)[i]
  strength <- c(.8, 1.4, .2, 2)[i]                  # weak to strong confounding
  age <- round(rnorm(n, 48, 12)); lines <- rpois(n, 2); sex <- sample(c("F", "M"), n, TRUE)
  class <- sample(c("ANA", "COOMBS", "CTD", "EVANS"), n, TRUE, c(.4, .15, .3, .15))
  arm <- rbinom(n, 1, plogis(strength * ((age - 48) / 12 + .4 * (lines - 2) - .3 * (sex == "M"))))
  X <- cbind(AGE = age, `SEX: M` = +(sex == "M"), `CLASS: COOMBS` = +(class == "COOMBS"),
             `CLASS: CTD` = +(class == "CTD"), `CLASS: EVANS` = +(class == "EVANS"), LINES = lines)
  fit <- glm(arm ~ X, family = binomial, control = list(epsilon = 1e-14, maxit = 100))
  e <- fitted(fit); p <- mean(arm)
  w <- list(ATO = ifelse(arm == 1, 1 - e, e), ATE = ifelse(arm == 1, p / e, (1 - p) / (1 - e)),
            ATT = ifelse(arm == 1, 1, e / (1 - e)))
  all <- cbind(X[, 1:2], `CLASS: ANA` = +(class == "ANA"), X[, 3:6])
  expected <- list(before = apply(all, 2, difference, arm, rep(1, n)))
  for (q in c(0, .01, .05)) for (k in names(w)) {
    v <- if (q == 0 || k == "ATO") w[[k]] else truncated(w[[k]], q, if (k == "ATE") rep(TRUE, n) else arm == 0)
    expected[[paste(k, q)]] <- list(after = apply(all, 2, difference, arm, v), ess = c(ess(v[arm == 1]), ess(v[arm == 0])),
                                    means = rbind(apply(all[arm == 1, ], 2, weighted.mean, v[arm == 1]),
                                                  apply(all[arm == 0, ], 2, weighted.mean, v[arm == 0])),
                                    largest = c(max(v[arm == 1] / sum(v[arm == 1])), max(v[arm == 0] / sum(v[arm == 0]))))
  }
  limits <- confint.default(fit)[-1, ]
  expected$odds <- list(estimate = exp(coef(fit)[-1]), low = exp(limits[, 1]), high = exp(limits[, 2]))
  expected$area <- unname(wilcox.test(e[arm == 1], e[arm == 0], exact = FALSE)$statistic) / (sum(arm) * sum(1 - arm))
  add(paste("balance", i), list(age = age, lines = lines, sex = sex, class = class, arm = arm), expected)
}
write(toJSON(list(versions = list(R = paste(R.version$major, R.version$minor, sep = ".")), cases = cases),
             auto_unbox = TRUE, digits = NA, na = "null", pretty = TRUE), "balance_reference.json")
