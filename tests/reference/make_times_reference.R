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

meta <- list(R = R.version.string,
             packages = lapply(list(survival = "survival", cmprsk = "cmprsk"), function(p) as.character(packageVersion(p))))
write(toJSON(list(meta = meta, cases = cases), auto_unbox = TRUE, digits = NA, null = "null", na = "null"),
      "times_reference.json")
cat(length(cases), "cases\n")
