# Reference numbers for stratified comparisons: Rscript make_stratified_reference.R -> stratified_reference.json
# stats::mantelhaen.test and metafor::rma.mh; what neither has (stratified Miettinen-Nurminen, stratified Newcombe) is
# computed here from the likelihood by optimize() and uniroot() and from prop.test(), with no closed form in common
# with the Python code.
suppressMessages({library(metafor); library(jsonlite)})

cases <- list()
finite <- function(v) ifelse(is.na(v) | is.finite(v), v, as.character(v))    # JSON has no Inf
z <- qnorm(.975)

log_likelihood <- function(p, x, n) {
  term <- function(k, q) if (k == 0) 0 else k * log(max(q, 1e-300))
  term(x, p) + term(n - x, 1 - p)
}
maximum <- function(f, low, high) {                      # optimize() stays inside; the ends are tried as well
  inner <- optimize(f, c(low, high), maximum = TRUE, tol = 1e-13)$maximum
  candidates <- c(low, inner, high)
  candidates[which.max(sapply(candidates, f))]
}
variance_at <- function(t, d) {                          # of one stratum, from the likelihood under p1 - p0 = d
  p0 <- maximum(function(p) log_likelihood(p + d, t[1], t[2]) + log_likelihood(p, t[3], t[4]), max(0, -d), min(1, 1 - d))
  p1 <- p0 + d
  (p1 * (1 - p1) / t[2] + p0 * (1 - p0) / t[4]) * (t[2] + t[4]) / (t[2] + t[4] - 1)
}
weights_of <- function(m) { w <- m[, 2] * m[, 4] / (m[, 2] + m[, 4]); w / sum(w) }
estimate_of <- function(m) sum(weights_of(m) * (m[, 1] / m[, 2] - m[, 3] / m[, 4]))
score <- function(m, d) (estimate_of(m) - d)^2 / sum(weights_of(m)^2 * apply(m, 1, variance_at, d = d))
mn <- function(m) {
  estimate <- estimate_of(m)
  f <- function(d) abs(estimate - d) - z * sqrt(sum(weights_of(m)^2 * apply(m, 1, variance_at, d = d)))
  root <- function(low, high) uniroot(f, c(low, high), tol = 1e-12, maxiter = 10000)$root
  c(if (estimate == -1) -1 else root(-1 + 1e-9, estimate - 1e-7), if (estimate == 1) 1 else root(estimate + 1e-7, 1 - 1e-9))
}
newcombe <- function(m) {                                # Yan and Su 2010, CMH weights
  w <- weights_of(m)
  arm <- function(x, n) {
    v <- x / n * (1 - x / n) / n
    if (all(v == 0)) v <- 1 / n
    level <- 2 * pnorm(z * sqrt(sum(w^2 * v)) / sum(w * sqrt(v))) - 1
    rowSums(sapply(seq_along(x), function(k)
      w[k] * suppressWarnings(prop.test(x[k], n[k], correct = FALSE, conf.level = level))$conf.int))
  }
  one <- arm(m[, 1], m[, 2]); zero <- arm(m[, 3], m[, 4])
  s1 <- sum(w^2 / m[, 2]); s0 <- sum(w^2 / m[, 4])
  estimate_of(m) + z * c(-sqrt(s1 * one[1] * (1 - one[1]) + s0 * zero[2] * (1 - zero[2])),
                         sqrt(s1 * one[2] * (1 - one[2]) + s0 * zero[1] * (1 - zero[1])))
}
add <- function(id, m) {
  m <- unname(m)
  cells <- array(rbind(m[, 1], m[, 2] - m[, 1], m[, 3], m[, 4] - m[, 3]), c(2, 2, nrow(m)))
  total <- m[, 2] + m[, 4]; responders <- m[, 1] + m[, 3]
  informative <- responders > 0 & responders < total
  cmh <- function(correct) {
    if (sum(informative) < 2) return(c(NA, NA))
    t <- mantelhaen.test(cells[, , informative], correct = correct); c(unname(t$statistic), t$p.value)
  }
  pooled <- function(measure) rma.mh(ai = m[, 1], n1i = m[, 2], ci = m[, 3], n2i = m[, 4], measure = measure)
  ratio <- function(measure) { f <- pooled(measure); c(exp(as.numeric(f$beta)), exp(f$ci.lb), exp(f$ci.ub)) }
  rd <- pooled("RD"); or <- pooled("OR")
  cases[[id]] <<- list(
    input = apply(m, 1, as.list, simplify = FALSE),
    expected = list(
      difference = c(as.numeric(rd$beta)), sato = c(rd$ci.lb, rd$ci.ub), risk_ratio = finite(ratio("RR")),
      odds_ratio = finite(ratio("OR")), cmh = cmh(FALSE), cmh_corrected = cmh(TRUE),
      breslow_day = c(or$BD, or$k.pos - 1, or$BDp), tarone = c(or$TA, or$k.pos - 1, or$TAp),
      score = c(score(m, 0), pchisq(score(m, 0), 1, lower.tail = FALSE)), score_at_minus_10 = score(m, -.1),
      miettinen_nurminen = mn(m), newcombe = newcombe(m)))
}
table_of <- function(...) matrix(c(...), ncol = 4, byrow = TRUE)   # x1 n1 x0 n0

add("three strata", table_of(10, 16, 5, 14, 12, 19, 8, 18, 3, 5, 1, 5))
add("eight centres, Agresti 2013", table_of(11, 36, 10, 37, 16, 20, 22, 32, 14, 19, 7, 19, 2, 16, 1, 17, 6, 17, 0, 12,
                                            1, 11, 0, 10, 1, 5, 1, 9, 4, 6, 6, 7))
add("a stratum with only responders", table_of(10, 16, 5, 14, 4, 4, 6, 6, 3, 9, 1, 8))
add("a stratum without responders", table_of(10, 16, 5, 14, 0, 4, 0, 6, 3, 9, 1, 8))
add("no responder in control", table_of(4, 16, 0, 14, 2, 9, 0, 8))
add("one against one", table_of(1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1))
add("unequal arms", table_of(30, 90, 2, 9, 11, 60, 3, 31, 70, 75, 8, 10, 1, 3, 5, 40))
add("opposite strata, common odds ratio 1", table_of(6, 10, 4, 10, 4, 10, 6, 10))
add("control better", table_of(3, 20, 12, 22, 5, 31, 14, 30))
set.seed(20260301)
for (k in c(2, 5, 12, 20)) {
  n1 <- sample(1:25, k, TRUE); n0 <- sample(1:25, k, TRUE)
  add(sprintf("drawn, %d strata", k), cbind(rbinom(k, n1, .6), n1, rbinom(k, n0, .45), n0))
}
# the counts behind values published from SAS: drawn as the R package tern draws them
set.seed(1)
rsp <- c(sample(c(TRUE, FALSE), 40, TRUE, c(3 / 4, 1 / 4)), sample(c(TRUE, FALSE), 40, TRUE, c(1 / 2, 1 / 2)))
f <- interaction(sample(c("a", "b"), 80, TRUE), sample(c("x", "y", "z"), 80, TRUE)); arm <- rep(1:2, each = 40)
count <- function(a) cbind(tapply(rsp[arm == a], f[arm == a], sum), table(f[arm == a]))
add("two factors", unname(cbind(count(1), count(2))))

meta <- list(R = R.version.string, packages = list(metafor = as.character(packageVersion("metafor"))))
write(toJSON(list(meta = meta, cases = cases), auto_unbox = TRUE, digits = NA, null = "null", na = "null"),
      "stratified_reference.json")
cat(length(cases), "cases\n")
