# Reference numbers for the statistics of the interim: Rscript make_interim_reference.R -> interim_reference.json
# Base R, survival and cmprsk. The score intervals, which none of them has, are computed here from the likelihood
# by optimize() and uniroot(), with no closed form in common with the Python code.
suppressMessages({library(survival); library(cmprsk); library(jsonlite)})

cases <- list()
add <- function(id, input, expected) cases[[id]] <<- list(input = input, expected = expected)
limits <- function(test) as.numeric(test$conf.int)

# one proportion ---------------------------------------------------------------------------------------------
for (q in list(c(0, 1), c(1, 1), c(0, 20), c(20, 20), c(1, 20), c(13, 40), c(90, 112), c(5, 133), c(83, 133)))
  for (level in c(.95, .90))
    add(sprintf("proportion %d/%d %g", q[1], q[2], level), list(x = q[1], n = q[2], conf_level = level),
        list(clopper_pearson = limits(binom.test(q[1], q[2], conf.level = level)),
             wilson = limits(suppressWarnings(prop.test(q[1], q[2], correct = FALSE, conf.level = level)))))

# two proportions --------------------------------------------------------------------------------------------
log_likelihood <- function(p, x, n) {
  term <- function(k, q) if (k == 0) 0 else k * log(max(q, 1e-300))
  term(x, p) + term(n - x, 1 - p)
}
maximum <- function(f, low, high) {                      # optimize() stays inside; the ends are tried as well
  inner <- optimize(f, c(low, high), maximum = TRUE, tol = 1e-13)$maximum
  candidates <- c(low, inner, high)
  candidates[which.max(sapply(candidates, f))]
}
restricted <- function(t, p1_of, low, high) {
  p0 <- maximum(function(p) log_likelihood(p1_of(p), t[1], t[2]) + log_likelihood(p, t[3], t[4]), low, high)
  c(p1_of(p0), p0)
}
inflation <- function(t) (t[2] + t[4]) / (t[2] + t[4] - 1)
z <- qnorm(.975)
distance_difference <- function(d, t) {
  p <- restricted(t, function(p0) p0 + d, max(0, -d), min(1, 1 - d))
  v <- (p[1] * (1 - p[1]) / t[2] + p[2] * (1 - p[2]) / t[4]) * inflation(t)
  abs(t[1] / t[2] - t[3] / t[4] - d) - z * sqrt(v)
}
distance_ratio <- function(log_r, t) {
  r <- exp(log_r)
  p <- restricted(t, function(p0) r * p0, 0, min(1, 1 / r))
  v <- (p[1] * (1 - p[1]) / t[2] + r^2 * p[2] * (1 - p[2]) / t[4]) * inflation(t)
  abs(t[1] / t[2] - r * t[3] / t[4]) - z * sqrt(v)
}
root <- function(f, low, high, t) uniroot(f, c(low, high), t = t, tol = 1e-12, maxiter = 10000)$root
mn_difference <- function(t) {
  estimate <- t[1] / t[2] - t[3] / t[4]
  c(if (estimate == -1) -1 else root(distance_difference, -1 + 1e-9, estimate - 1e-7, t),
    if (estimate == 1) 1 else root(distance_difference, estimate + 1e-7, 1 - 1e-9, t))
}
mn_ratio <- function(t) {
  estimate <- log(t[1] / t[2] / (t[3] / t[4]))
  c(if (t[1] == 0) 0 else exp(root(distance_ratio, -14, min(estimate, 14) - 1e-7, t)),
    if (t[3] == 0) Inf else exp(root(distance_ratio, max(estimate, -14) + 1e-7, 14, t)))
}
finite <- function(v) ifelse(is.finite(v), v, as.character(v))    # JSON has no Inf
for (t in list(c(90, 112, 33, 56), c(68, 112, 23, 56), c(36, 62, 26, 71), c(31, 49, 19, 52), c(28, 45, 12, 48),
               c(16, 42, 0, 21), c(31, 133, 0, 69), c(24, 30, 16, 30), c(45, 60, 31, 60), c(88, 97, 5, 11),
               c(15, 15, 12, 14), c(12, 14, 15, 15), c(0, 10, 3, 10), c(10, 10, 0, 20), c(0, 12, 9, 9),
               c(2, 3, 1, 4), c(1, 1, 0, 1), c(83, 133, 22, 69))) {
  m <- matrix(c(t[1], t[2] - t[1], t[3], t[4] - t[3]), 2, byrow = TRUE)
  fisher <- fisher.test(m)
  se_log_or <- sqrt(sum(1 / m)); log_or <- log(m[1, 1] * m[2, 2] / (m[1, 2] * m[2, 1]))
  se_log_rr <- sqrt(1 / t[1] - 1 / t[2] + 1 / t[3] - 1 / t[4]); log_rr <- log(t[1] / t[2] / (t[3] / t[4]))
  usable <- all(m > 0)
  p_bar <- (t[1] + t[3]) / (t[2] + t[4])
  chi2 <- suppressWarnings(chisq.test(m, correct = FALSE))
  yates <- suppressWarnings(chisq.test(m))
  score <- unname(chi2$statistic) / inflation(t)
  add(paste0("table ", t[1], "/", t[2], " v ", t[3], "/", t[4]), list(x1 = t[1], n1 = t[2], x0 = t[3], n0 = t[4]),
      list(difference = t[1] / t[2] - t[3] / t[4],
           miettinen_nurminen = mn_difference(t), risk_ratio_score = finite(mn_ratio(t)),
           score_statistic = score, score_p = pchisq(score, 1, lower.tail = FALSE),
           chi2 = unname(chi2$statistic), chi2_p = chi2$p.value, yates = unname(yates$statistic), yates_p = yates$p.value,
           fisher_p = fisher$p.value,
           woolf = if (usable) exp(log_or + c(-z, z) * se_log_or),
           katz = if (t[1] > 0 && t[3] > 0) exp(log_rr + c(-z, z) * se_log_rr)))
}

# Kaplan-Meier, median, log-rank -----------------------------------------------------------------------------
curve <- function(id, time, status) {
  f <- survfit(Surv(time, status) ~ 1, conf.type = "log-log")
  q <- quantile(f, .5)
  at_half <- abs(f$surv - .5) < 1e-9
  add(paste("km", id), list(time = time, event = status),
      list(time = f$time, n_risk = f$n.risk, n_event = f$n.event, n_censor = f$n.censor, surv = f$surv,
           std_err = f$std.err * f$surv, lower = f$lower, upper = f$upper, exactly_half = any(at_half),
           median = unname(q$quantile), median_ci = unname(c(q$lower, q$upper))))
}
l <- lung[complete.cases(lung[, c("time", "status", "ph.ecog")]), ]
curve("lung men", l$time[l$sex == 1], l$status[l$sex == 1] - 1)
curve("lung women", l$time[l$sex == 2], l$status[l$sex == 2] - 1)
curve("veteran standard", veteran$time[veteran$trt == 1], veteran$status[veteran$trt == 1])
curve("flat at one half", c(2, 4, 6, 8), c(1, 1, 1, 1))
curve("all censored", c(5, 9, 12), c(0, 0, 0))
curve("one participant, event", 7, 1)
curve("one participant, censored", 7, 0)
curve("event and censoring on one day", c(3, 3, 3, 5, 5, 8), c(1, 0, 1, 0, 1, 0))
test <- function(id, time, status, group) {
  d <- survdiff(Surv(time, status) ~ group)
  df <- sum(d$exp > 0) - 1
  add(paste("log-rank", id), list(time = time, event = status, group = as.character(group)),
      list(statistic = d$chisq, df = df, p = pchisq(d$chisq, df, lower.tail = FALSE)))
}
test("lung sex", l$time, l$status - 1, c("men", "women")[l$sex])
test("veteran cell type, four groups", veteran$time, veteran$status, veteran$celltype)
test("one arm leaves before the first event", c(1, 1, 2, 3, 4, 5, 6, 6), c(0, 0, 1, 1, 0, 1, 1, 0),
     c("gone", "gone", "a", "b", "a", "b", "a", "b"))
f <- survfit(Surv(time, status == 1) ~ 1, data = l, conf.type = "log-log")
q <- quantile(f, .5)
add("follow-up lung", list(day = l$time, died = as.integer(l$status == 2)),
    list(median = unname(q$quantile), ci = unname(c(q$lower, q$upper))))

# cumulative incidence ---------------------------------------------------------------------------------------
set.seed(20260101)
n <- 150
day <- c(8, 15, 22, 29, 43, 57, 85, 113, 141, 183)[pmin(10, 1 + rgeom(n, .22))]
cause <- sample(0:2, n, TRUE, c(.3, .5, .2))
mg <- mgus2[seq(1, nrow(mgus2), by = 6), ]
mg_time <- with(mg, ifelse(pstat == 1, ptime, futime)); mg_cause <- with(mg, ifelse(pstat == 1, 1, 2 * death))
add_cif <- function(id, time, cause, times) {
  u <- timepoints(cuminc(time, cause, cencode = 0), times)
  s <- summary(survfit(Surv(time, factor(cause, 0:2)) ~ 1), times = times)
  add(paste("cif", id), list(time = time, cause = cause, times = times),
      list(est1 = unname(u$est["1 1", ]), est2 = unname(u$est["1 2", ]),
           var1 = unname(u$var["1 1", ]), var2 = unname(u$var["1 2", ]),
           survival_est1 = s$pstate[, 2], survival_se1 = s$std.err[, 2]))
}
add_cif("visits, all ties", day, cause, c(8, 22, 57, 113, 141))
add_cif("mgus2, every sixth", mg_time, mg_cause, c(12, 60, 120, 240, 300))

# platelets --------------------------------------------------------------------------------------------------
for (values in list(c(8, 12, 31, 40, 55, 102, 260), c(3, 900), c(12, 12, 12, 18), c(1, 5, 30, 31, 88, 140))) {
  tt <- t.test(values); tl <- t.test(log(values))
  add(paste("platelets", paste(values, collapse = " ")), list(values = values),
      list(quartiles = unname(quantile(values, c(.25, .5, .75), type = 7)),
           quartiles_type_2 = unname(quantile(values, c(.25, .5, .75), type = 2)), mean = mean(values), mean_ci = limits(tt),
           geometric_mean = exp(mean(log(values))), geometric_ci = exp(limits(tl))))
}

meta <- list(R = R.version.string,
             packages = lapply(list(survival = "survival", cmprsk = "cmprsk"), function(p) as.character(packageVersion(p))))
write(toJSON(list(meta = meta, cases = cases), auto_unbox = TRUE, digits = NA, null = "null", na = "null"),
      "interim_reference.json")
cat(length(cases), "cases\n")
