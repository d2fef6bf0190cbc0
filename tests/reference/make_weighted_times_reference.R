# Reference numbers for weighted times and medians: Rscript make_weighted_times_reference.R -> weighted_times_reference.json
# survival: survfit(weights), coxph(weights, robust); medians by the rule of docs/reference/nonrandomised.md in base R.
suppressMessages({library(survival); library(jsonlite)})

cases <- list()
add <- function(id, input, expected) cases[[id]] <<- list(input = input, expected = expected)
tight <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 200)

made <- function(n, strength, days) {       # two arms that differ in age and lines, both of which shorten the time
  age <- round(rnorm(n, 45, 15)); lines <- rpois(n, 2)
  arm <- rbinom(n, 1, plogis(strength * ((age - 45) / 15 + .5 * (lines - 2))))
  time <- rexp(n, exp(-4 + .4 * (age - 45) / 15 + .2 * lines - .5 * arm)); event <- rbinom(n, 1, .75)
  data.frame(arm = arm, age = age, lines = lines, time = if (is.null(days)) time else days[findInterval(time, c(0, days)[seq_along(days)])],
             event = event)
}
visits <- c(7, 14, 21, 28, 42, 56, 84, 112, 182)
set.seed(20260601)
sets <- list("no ties" = made(90, .5, NULL), "visits" = made(90, .5, visits), "visits, far apart" = made(160, 1.3, visits),
             "few days" = made(60, .3, c(28, 56)))
weights_of <- function(e, a) list(ATO = ifelse(a == 1, 1 - e, e),
                                  ATE = ifelse(a == 1, mean(a) / e, (1 - mean(a)) / (1 - e)),
                                  ATT = ifelse(a == 1, 1, e / (1 - e)))
at <- c(10, 28, 50, 84)
curve <- function(d, w) lapply(c(`1` = 1, `0` = 0), function(which) {
  own <- d$arm == which
  f <- survfit(Surv(time, event) ~ 1, d[own, ], weights = w[own])
  s <- summary(f, times = at, extend = TRUE)$surv
  list(time = f$time, surv = f$surv, at = ifelse(at > max(d$time[own]) & s > 0, NA, s))
})
cox <- function(d, w) {
  f <- coxph(Surv(time, event) ~ arm, d, weights = w, robust = TRUE, ties = "efron", control = tight)
  list(coef = unname(coef(f)), robust = sqrt(f$var[1, 1]), naive = sqrt(f$naive.var[1, 1]))
}
lowest <- function(x, w) { o <- order(x); x[o][which(cumsum(w[o]) >= sum(w) / 2 - 1e-9)[1]] }

for (name in names(sets)) {
  d <- sets[[name]]
  e <- unname(fitted(glm(arm ~ age + lines, binomial, d, control = glm.control(epsilon = 1e-14, maxit = 100))))
  w <- weights_of(e, d$arm)
  w$extreme <- exp(rnorm(nrow(d), 0, 3))    # far from 1: from thousandths to thousands
  w$none <- rep(1, nrow(d))
  add(paste("data", name), c(as.list(d), list(scores = e, weights = w)), list())
  for (kind in names(w)) add(paste("times", name, kind), list(data = paste("data", name), kind = kind, at = at),
                             list(cox = cox(d, w[[kind]]), curves = curve(d, w[[kind]])))
  # a resample: rows that are drawn several times are several participants, also among the tied
  draws <- lapply(1:6, function(i) sample(nrow(d), replace = TRUE))
  add(paste("resampled", name), list(data = paste("data", name), counts = lapply(draws, tabulate, nbins = nrow(d)), at = at),
      list(coef = sapply(draws, function(i) cox(d[i, ], w$ATE[i])$coef),
           at = lapply(draws, function(i) curve(d[i, ], w$ATE[i])[["1"]]$at)))
  counts <- round(exp(rnorm(nrow(d), 3.5, 1)))
  add(paste("medians", name), list(data = paste("data", name), counts = counts),
      lapply(w[c("ATO", "ATE", "ATT", "none")], function(v)
        sapply(c(1, 0), function(which) lowest(counts[d$arm == which], v[d$arm == which]))))
}
write_json(list(made = paste(R.version.string, "survival", packageVersion("survival")), cases = cases),
           "weighted_times_reference.json", digits = NA, auto_unbox = TRUE, na = "null")
