# Reference numbers for the comparison of times to an event: Rscript make_times_reference.R -> times_reference.json
# survival and cmprsk; what they do not have (difference of restricted means, Klein's landmark test) is computed
# here from survfit() by the published formula.
suppressMessages({library(survival); library(cmprsk); library(jsonlite)})

cases <- list()
add <- function(id, input, expected) cases[[id]] <<- list(input = input, expected = expected)

# data: of R, and counts at visits, where most days are shared ------------------------------------------------
l <- lung[complete.cases(lung[, c("time", "status", "sex", "age", "ph.ecog")]) & lung$ph.ecog < 3, ]
l <- data.frame(time = l$time, event = l$status - 1, group = c("men", "women")[l$sex], age = l$age,
                stratum = paste0("ecog", l$ph.ecog))
v <- data.frame(time = veteran$time, event = veteran$status, group = c("standard", "test")[veteran$trt],
                age = veteran$karno, stratum = as.character(veteran$celltype))
a <- data.frame(time = aml$time, event = aml$status, group = as.character(aml$x), age = (seq_len(nrow(aml)) * 7) %% 23,
                stratum = c("one", "two")[1 + seq_len(nrow(aml)) %% 2])
o <- data.frame(time = ovarian$futime, event = ovarian$fustat, group = c("a", "b")[ovarian$rx], age = ovarian$age,
                stratum = paste0("resid", ovarian$resid.ds))
set.seed(20260102)
n <- 120
visits <- c(7, 14, 21, 28, 42, 56, 70, 84, 112, 140, 168, 182)
w <- data.frame(time = visits[pmin(12, 1 + rgeom(n, rep(c(.25, .15), each = n / 2)))], event = rbinom(n, 1, .75),
                group = rep(c("e", "c"), each = n / 2), age = sample(18:75, n, TRUE),
                stratum = sample(c("s1", "s2", "s3"), n, TRUE, c(.5, .4, .1)))
sets <- list(lung = l, veteran = v, aml = a, ovarian = o, visits = w)
second <- list(lung = "women", veteran = "test", aml = "Nonmaintained", ovarian = "b", visits = "e")
for (name in names(sets)) add(paste("data", name), as.list(sets[[name]]), list())

# Cox with Efron's ties, its tests, and the test of proportional hazards ---------------------------------------
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 100)
smooth <- function(z) {                     # the curve and standard error that plot.cox.zph draws, at five of its 40 places
  p <- seq(min(z$x), max(z$x), length = 40)
  basis <- splines::ns(c(p, z$x), df = 4, intercept = TRUE)
  rows <- basis[-(1:40), ]; q <- qr(rows); at <- c(1, 10, 20, 30, 40)
  if (q$rank < 4) return(list())
  basis <- basis[at, ]
  list(at = at - 1, value = drop(basis %*% qr.coef(q, z$y[, 1])),
       error = sqrt(diag(basis %*% solve(crossprod(rows)) %*% t(basis)) * z$var[1, 1]))
}
proportionality <- function(f) lapply(c(km = "km", identity = "identity", log = "log", rank = "rank"), function(g) {
  z <- cox.zph(f, transform = g)
  c(list(chisq = unname(z$table[, "chisq"]), df = unname(z$table[, "df"]), p = unname(z$table[, "p"])),
    if (g == "km") list(x = z$x, time = z$time, residuals = unname(z$y[, 1]), smooth = smooth(z)))
})
cox <- function(id, f, input) {
  s <- summary(f)
  add(paste("cox", id), input,
      list(coef = unname(coef(f)), covariance = as.list(as.data.frame(unname(vcov(f)))), loglik = f$loglik,
           lr = unname(s$logtest), wald = unname((coef(f) %*% solve(vcov(f), coef(f)))[1]), score = f$score,
           conf = unname(exp(confint(f)))[1, ], events = f$nevent, zph = proportionality(f)))
}
profile_limits <- function(d, strata) {   # coxph has none: the likelihood at a fixed coefficient, by offset
  x <- d$x
  fit <- function(b) { s <- if (strata) d$stratum else rep("1", nrow(d))
    coxph(Surv(time, event) ~ offset(b * x) + strata(s), d, ties = "efron")$loglik[1] }
  best <- optimize(fit, c(-8, 8), maximum = TRUE, tol = 1e-12)
  drop <- function(b) fit(b) - best$objective + qchisq(.95, 1) / 2
  exp(c(uniroot(drop, c(-12, best$maximum), tol = 1e-12)$root, uniroot(drop, c(best$maximum, 12), tol = 1e-12)$root))
}
for (name in names(sets)) {
  d <- sets[[name]]; d$x <- as.numeric(d$group == second[[name]])
  one <- coxph(Surv(time, event) ~ x, d, ties = "efron", control = tight)
  two <- coxph(Surv(time, event) ~ x + age, d, ties = "efron", control = tight)
  by_stratum <- coxph(Surv(time, event) ~ x + strata(stratum), d, ties = "efron", control = tight)
  input <- list(data = name, experimental = second[[name]])
  cox(paste(name, "one"), one, c(input, covariates = "x", strata = FALSE, list(profile = profile_limits(d, FALSE))))
  cox(paste(name, "two"), two, c(input, list(covariates = c("x", "age")), strata = FALSE))
  cox(paste(name, "stratified"), by_stratum, c(input, covariates = "x", strata = TRUE, list(profile = profile_limits(d, TRUE))))
}
# an arm without an event: the likelihood rises without end; the limit it has, and the tests that do not need a maximum
m <- data.frame(time = c(2, 3, 3, 5, 8, 9, 9, 12, 15, 20), event = c(1, 1, 0, 1, 1, 0, 0, 0, 0, 0), x = c(1, 1, 1, 1, 1, 0, 0, 0, 0, 0))
fm <- suppressWarnings(coxph(Surv(time, event) ~ x, m, ties = "efron", control = coxph.control(iter.max = 40, eps = 1e-14)))
top <- coxph(Surv(time, event) ~ offset(60 * x), m, ties = "efron")$loglik[1]
under <- uniroot(function(b) coxph(Surv(time, event) ~ offset(b * x), m, ties = "efron")$loglik[1] - top + qchisq(.95, 1) / 2, c(-5, 10), tol = 1e-12)
add("monotone", as.list(m), list(loglik = c(fm$loglik[1], top), lower = exp(under$root), score = coxph(Surv(time, event) ~ x, m, ties = "efron", control = coxph.control(iter.max = 0))$score))

# log-rank, stratified -----------------------------------------------------------------------------------------
log_rank <- function(id, d, input = as.list(d[, c("time", "event", "group", "stratum")])) {
  f <- survdiff(Surv(time, event) ~ group + strata(stratum), d)
  e <- if (is.matrix(f$exp)) rowSums(f$exp) else f$exp
  df <- sum(e > 0) - 1
  add(paste("stratified log-rank", id), input, list(statistic = f$chisq, df = df, p = pchisq(f$chisq, df, lower.tail = FALSE)))
}
for (name in names(sets)) log_rank(name, sets[[name]], list(data = name))
v4 <- data.frame(time = veteran$time, event = veteran$status, group = as.character(veteran$celltype), stratum = c("no prior", "prior")[1 + (veteran$prior > 0)])
log_rank("four groups", v4)
log_rank("a stratum with one arm", rbind(w[, c("time", "event", "group", "stratum")], data.frame(time = c(7, 14, 28), event = c(1, 0, 1), group = "e", stratum = "alone")))
log_rank("a stratum of one", rbind(w[, c("time", "event", "group", "stratum")], data.frame(time = 14, event = 1, group = "c", stratum = "alone")))

# restricted mean, its difference and ratio ---------------------------------------------------------------------
restricted <- function(name, d, experimental, tau) {
  one <- function(g) unname(summary(survfit(Surv(time, event) ~ 1, d[d$group == g, ]), rmean = tau)$table[c("rmean", "se(rmean)")])
  e <- one(experimental); c <- one(setdiff(unique(d$group), experimental))
  add(paste("rmst", name, tau), list(data = name, experimental = experimental, tau = tau),
      list(experimental = e, control = c, difference = e[1] - c[1], error = sqrt(e[2]^2 + c[2]^2),
           ratio = e[1] / c[1], log_error = sqrt((e[2] / e[1])^2 + (c[2] / c[1])^2)))
}
for (name in names(sets)) {
  d <- sets[[name]]
  last <- min(tapply(d$time, d$group, max))
  for (tau in unique(c(last, floor(last / 2), quantile(d$time, .4, type = 1)))) restricted(name, d, second[[name]], unname(tau))
}

# landmarks: the difference of Kaplan-Meier with Greenwood's errors, and Klein et al. 2007, formula (3) ------------
landmark <- function(name, d, experimental, day) {
  one <- function(g) { s <- summary(survfit(Surv(time, event) ~ 1, d[d$group == g, ]), times = day); c(s$surv, s$std.err) }
  e <- one(experimental); c <- one(setdiff(unique(d$group), experimental))
  test <- function(x) { s2 <- (x[2] / x[1])^2; list(y = log(-log(x[1])), v = s2 / log(x[1])^2) }
  te <- test(e); tc <- test(c)
  chisq <- (te$y - tc$y)^2 / (te$v + tc$v); wald <- (e[1] - c[1])^2 / (e[2]^2 + c[2]^2)
  add(paste("landmark", name, day), list(data = name, experimental = experimental, day = day),
      list(difference = e[1] - c[1], error = sqrt(e[2]^2 + c[2]^2), wald = c(wald, pchisq(wald, 1, lower.tail = FALSE)),
           cloglog = c(chisq, pchisq(chisq, 1, lower.tail = FALSE))))
}
for (day in c(90, 180, 365)) { landmark("lung", l, "women", day); landmark("veteran", v, "test", day) }
for (day in c(9, 23, 30)) landmark("aml", a, "Nonmaintained", day)
for (day in c(14, 28, 56, 112)) landmark("visits", w, "e", day)

# medians of given resamples of one arm: the first day with S <= 0.5 -----------------------------------------------
set.seed(20260103)
for (g in unique(a$group)) {
  d <- a[a$group == g, ]
  draws <- matrix(sample(nrow(d), 60 * nrow(d), TRUE), 60)
  median_of <- function(row) { s <- survfit(Surv(time, event) ~ 1, d[row, ]); t <- s$time[s$surv <= .5 + 1e-9]; if (length(t)) t[1] else Inf }
  medians <- apply(draws, 1, median_of)
  add(paste("resamples", g), list(time = d$time, event = d$event, draws = draws - 1), list(medians = ifelse(is.finite(medians), medians, NA)))
}

# Gray's test --------------------------------------------------------------------------------------------------------
gray <- function(id, time, cause, group) {
  t <- cuminc(time, cause, group, cencode = 0)$Tests
  add(paste("gray", id), list(time = time, cause = cause, group = as.character(group)),
      list(statistic = unname(t[, "stat"]), p = unname(t[, "pv"]), df = unname(t[, "df"])))
}
set.seed(20260104)
competing <- function(n, p, days) data.frame(time = days[pmin(length(days), 1 + rgeom(n, .2))], cause = sample(0:2, n, TRUE, p))
x <- rbind(competing(60, c(.3, .5, .2), visits), competing(60, c(.3, .35, .35), visits))
gray("visits, two arms", x$time, x$cause, rep(c("e", "c"), each = 60))
x <- rbind(x, competing(45, c(.2, .6, .2), visits))
gray("visits, three arms", x$time, x$cause, c(rep(c("e", "c"), each = 60), rep("f", 45)))
x <- competing(24, c(.2, .5, .3), visits[1:4])
gray("few days, small arms", x$time, x$cause, rep(c("e", "c"), c(9, 15)))
mg <- mgus2[seq(1, nrow(mgus2), by = 3), ]
gray("mgus2, every third, by sex", with(mg, ifelse(pstat == 1, ptime, futime)), with(mg, ifelse(pstat == 1, 1, 2 * death)), mg$sex)
x <- competing(40, c(.3, .7, 0), visits)
gray("no competing event", x$time, x$cause, rep(c("e", "c"), 20))
x <- rbind(competing(30, c(.2, .5, .3), visits), data.frame(time = rep(visits[1:6], each = 5), cause = rep(c(0, 2, 2, 0, 2), 6)))
gray("an arm without the cause", x$time, x$cause, rep(c("e", "c"), each = 30))
gray("an arm where all have it at once", c(rep(7, 8), 7, 7, 14, 14, 21, 28, 28, 35), c(rep(1, 8), 1, 2, 1, 0, 2, 1, 1, 0), rep(c("e", "c"), each = 8))

meta <- list(R = R.version.string,
             packages = lapply(list(survival = "survival", cmprsk = "cmprsk"), function(p) as.character(packageVersion(p))))
write(toJSON(list(meta = meta, cases = cases), auto_unbox = TRUE, digits = NA, null = "null", na = "null"),
      "times_reference.json")
cat(length(cases), "cases\n")
