# Reference numbers for subgroups: Rscript make_subgroups_reference.R -> subgroups_reference.json
# Within a level: epiR for the ratios, the score interval of a difference from a likelihood maximised numerically.
# Between levels: anova of nested glm and coxph fits, metafor for the heterogeneity of differences.
suppressMessages({library(survival); library(metafor); library(epiR); library(brglm2); library(jsonlite)})

cases <- list()
add <- function(id, input, expected) cases[[id]] <<- list(input = input, expected = expected)
z <- qnorm(.975)

# one level: score interval of the difference ---------------------------------------------------------------
log_likelihood <- function(p, x, n) {
  term <- function(k, q) if (k == 0) 0 else k * log(max(q, 1e-300))
  term(x, p) + term(n - x, 1 - p)
}
distance <- function(d, t) {                                   # |p1 - p0 - d| - z * standard error under d
  f <- function(p) log_likelihood(p + d, t[1], t[2]) + log_likelihood(p, t[3], t[4])
  ends <- c(max(0, -d), min(1, 1 - d))
  candidates <- c(ends, optimize(f, ends, maximum = TRUE, tol = 1e-13)$maximum)
  p0 <- candidates[which.max(sapply(candidates, f))]; p1 <- p0 + d; n <- t[2] + t[4]
  abs(t[1] / t[2] - t[3] / t[4] - d) - z * sqrt((p1 * (1 - p1) / t[2] + p0 * (1 - p0) / t[4]) * n / (n - 1))
}
root <- function(low, high, t) uniroot(distance, c(low, high), t = t, tol = 1e-12, maxiter = 10000)$root
score_limits <- function(t) {
  d <- t[1] / t[2] - t[3] / t[4]
  c(if (d == -1) -1 else root(-1 + 1e-9, d - 1e-7, t), if (d == 1) 1 else root(d + 1e-7, 1 - 1e-9, t))
}

# a column with an empty cell: Firth's penalised likelihood, maximised numerically ---------------------------
penalised_ratio <- function(data) {
  X <- model.matrix(~ arm * level, data); k <- ncol(X); held <- grep(":", colnames(X))
  penalised <- function(b) {
    eta <- as.vector(X %*% b); w <- data$n * plogis(eta) * (1 - plogis(eta))
    sum(data$x * eta - data$n * log1p(exp(eta))) + as.numeric(determinant(t(X) %*% (w * X))$modulus) / 2
  }
  top <- function(free) {
    f <- function(b) { whole <- numeric(k); whole[free] <- b; penalised(whole) }
    b <- numeric(length(free))
    for (i in 1:30) b <- optim(b, f, method = "BFGS", control = list(fnscale = -1, reltol = 1e-16, maxit = 5000))$par
    list(par = b, value = f(b))
  }
  whole <- top(1:k)
  firth <- glm(cbind(x, n - x) ~ arm * level, binomial, data, method = "brglmFit", type = "AS_mean", epsilon = 1e-10, maxit = 1000)
  stopifnot(max(abs(whole$par - coef(firth))) < 1e-4)   # the same maximum as brglm2 finds by its scores
  statistic <- 2 * (whole$value - top(setdiff(1:k, held))$value)
  list(statistic = statistic, df = length(held), p = pchisq(statistic, length(held), lower.tail = FALSE))
}

# the levels of one column ----------------------------------------------------------------------------------
column <- function(id, tables) {                               # rows: x1, n1, x0, n0
  m <- do.call(rbind, tables); k <- nrow(m)
  d <- m[, 1] / m[, 2] - m[, 3] / m[, 4]
  v <- with(as.data.frame(m), V1 * (V2 - V1) / V2^3 + V3 * (V4 - V3) / V4^3)
  expected <- list(difference = d, miettinen_nurminen = t(apply(m, 1, score_limits)))
  if (all(v > 0)) {
    fit <- rma(yi = d, vi = v, method = "FE")
    moderated <- rma(yi = d, vi = v, mods = ~ factor(1:k), method = "FE")
    expected$heterogeneity <- list(statistic = fit$QE, p = fit$QEp, moderators = moderated$QM, df = k - 1)
  }
  if (all(m[, c(1, 3)] > 0) && all(v > 0)) {
    es <- escalc("RR", ai = m[, 1], n1i = m[, 2], ci = m[, 3], n2i = m[, 4], add = 0, to = "none")
    fit <- rma(yi, vi, data = es, method = "FE")
    expected$log_risk_ratio <- list(statistic = fit$QE, p = fit$QEp)
  }
  data <- data.frame(x = c(m[, 1], m[, 3]), n = c(m[, 2], m[, 4]), arm = rep(c(1, 0), each = k), level = factor(rep(1:k, 2)))
  if (any(m[, c(1, 3)] == 0) || any(m[, 1] == m[, 2]) || any(m[, 3] == m[, 4])) {
    expected$firth <- penalised_ratio(data)
  } else {
    two <- lapply(seq_len(k), function(i) epi.2by2(matrix(c(m[i, 1], m[i, 2] - m[i, 1], m[i, 3], m[i, 4] - m[i, 3]), 2, byrow = TRUE), method = "cohort.count")$massoc.detail)
    expected$risk_ratio_katz <- t(sapply(two, function(e) as.numeric(e$RR.strata.wald)))
    expected$odds_ratio_woolf <- t(sapply(two, function(e) as.numeric(e$OR.strata.wald)))
    tight <- glm.control(epsilon = 1e-14, maxit = 200)
    common <- glm(cbind(x, n - x) ~ arm + level, binomial, data, control = tight)
    each <- glm(cbind(x, n - x) ~ arm * level, binomial, data, control = tight)
    test <- anova(common, each, test = "Chisq")
    expected$logistic <- list(statistic = test$Deviance[2], df = test$Df[2], p = test[["Pr(>Chi)"]][2])
  }
  add(paste("column", id), list(tables = m), expected)
}
column("two levels", list(c(20, 30, 10, 25), c(20, 30, 20, 35)))
column("opposite directions", list(c(28, 35, 12, 33), c(9, 25, 17, 27)))
column("four levels, one small", list(c(13, 19, 7, 17), c(22, 31, 18, 33), c(4, 6, 3, 5), c(40, 52, 31, 55)))
column("equal differences", list(c(30, 40, 20, 40), c(15, 20, 10, 20)))
column("a zero cell", list(c(6, 12, 0, 11), c(20, 30, 12, 31)))
column("all respond in an arm of a level", list(c(12, 12, 7, 11), c(20, 30, 12, 31)))
column("all respond in a level", list(c(12, 12, 11, 11), c(20, 30, 12, 31)))
column("nobody responds in a level", list(c(0, 12, 0, 11), c(20, 30, 12, 31)))
column("three levels, an empty and a full cell", list(c(9, 9, 5, 12), c(14, 22, 0, 19), c(20, 30, 12, 31)))
column("all against none", list(c(12, 12, 0, 11), c(20, 30, 12, 31)))

# hazard ratios ---------------------------------------------------------------------------------------------
times <- function(id, time, event, arm, level) {
  exact <- coxph.control(eps = 1e-13, toler.chol = 1e-13, iter.max = 100)
  hazard <- function(keep) {
    fit <- coxph(Surv(time, event) ~ arm, subset = keep, ties = "efron", control = exact)
    unname(summary(fit)$conf.int[1, c(1, 3, 4)])
  }
  names <- sort(unique(level))
  common <- coxph(Surv(time, event) ~ arm + factor(level), ties = "efron", control = exact)
  each <- coxph(Surv(time, event) ~ arm * factor(level), ties = "efron", control = exact)
  test <- anova(common, each)
  add(paste("times", id), list(time = time, event = event, arm = arm, level = level),
      list(levels = names, hazard_ratio = t(sapply(names, function(name) hazard(level == name))),
           overall = hazard(rep(TRUE, length(time))),
           statistic = test$Chisq[2], df = test$Df[2], p = test[[4]][2]))
}
v <- veteran[veteran$celltype %in% c("squamous", "smallcell", "adeno"), ]
times("veteran, three cell types", v$time, v$status, v$trt - 1, as.character(v$celltype))
l <- lung[!is.na(lung$ph.ecog) & lung$ph.ecog < 2, ]
times("lung, in visits of 28 days", 28 * ceiling(l$time / 28), l$status - 1, l$sex - 1, paste("ECOG", l$ph.ecog))

meta <- list(R = R.version.string,
             packages = lapply(list(survival = "survival", metafor = "metafor", epiR = "epiR", brglm2 = "brglm2"), function(p) as.character(packageVersion(p))))
write(toJSON(list(meta = meta, cases = cases), auto_unbox = TRUE, digits = NA, null = "null", na = "null"),
      "subgroups_reference.json")
cat(length(cases), "cases\n")
