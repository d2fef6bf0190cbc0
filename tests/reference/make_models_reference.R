# Reference numbers for the models over time: Rscript make_models_reference.R -> models_reference.json
# nlme::gls gives estimates, standard errors and the restricted likelihood of the unstructured model. lmer has no
# unstructured residual covariance, but it is the same model when every covariance and every remaining variance is
# positive: one scalar random term per pair of visits (its variance is the covariance), one per visit but one, and
# the residual. There pbkrtest gives Kenward-Roger (expected information), lmerTest Satterthwaite (observed).
suppressMessages({library(nlme); library(lme4); library(lmerTest); library(pbkrtest); library(jsonlite)
                  library(sandwich); library(geepack)})
cases <- list()
add <- function(id, input, expected) cases[[id]] <<- list(input = input, expected = expected)

# repeated measures ------------------------------------------------------------------------------------------
design <- function(d, visits, constrained = FALSE) {   # visit by visit: intercept, experimental arms, baseline
  arms <- sort(setdiff(unique(d$arm), 0)); columns <- list()
  for (v in visits) {
    at <- as.numeric(d$visit == v)
    columns[[paste0("v", v)]] <- at
    if (!(constrained && v == 0)) for (a in arms) columns[[paste0("v", v, "a", a)]] <- at * (d$arm == a)
    if (!is.null(d$base)) columns[[paste0("v", v, "base")]] <- at * d$base
  }
  as.matrix(as.data.frame(columns))
}
by_gls <- function(d, X) {
  frame <- cbind(d[, c("id", "visit", "y")], X); frame$v <- as.integer(factor(d$visit))
  formula <- as.formula(paste("y ~ 0 +", paste(colnames(X), collapse = " + ")))
  if (length(unique(d$visit)) == 1) { m <- gls(formula, frame); return(list(m = m, V = matrix(m$sigma^2))) }
  m <- gls(formula, frame, correlation = corSymm(form = ~ v | id), weights = varIdent(form = ~ 1 | v),
           control = glsControl(tolerance = 1e-12, msTol = 1e-16, maxIter = 500, msMaxIter = 5000, opt = "optim"))
  whole <- names(which.max(table(frame$id)))
  R <- corMatrix(m$modelStruct$corStruct)[[whole]]
  s <- m$sigma * c(1, coef(m$modelStruct$varStruct, unconstrained = FALSE))
  if (nrow(R) == length(s)) {   # weights are by level in order of appearance
    levels <- unique(frame$v); sd <- numeric(length(s)); sd[levels[1]] <- m$sigma
    w <- coef(m$modelStruct$varStruct, unconstrained = FALSE); sd[as.integer(names(w))] <- m$sigma * w
    V <- diag(sd) %*% R %*% diag(sd)
  } else V <- NULL
  list(m = m, V = V)
}
by_lmer <- function(d, X, V) {
  visits <- sort(unique(d$visit)); k <- length(visits); Z <- list()
  for (i in seq_len(k - 1)) for (j in (i + 1):k) Z[[paste0("p", i, j)]] <- as.numeric(d$visit %in% visits[c(i, j)])
  left <- 2 * diag(V) - rowSums(V); least <- which.min(left)
  stopifnot(all(V > 0), all(left > 0))
  for (i in setdiff(seq_len(k), least)) Z[[paste0("d", i)]] <- as.numeric(d$visit == visits[i])
  Z <- as.data.frame(Z)
  frame <- cbind(d[, c("id", "y")], X, Z)
  formula <- as.formula(paste("y ~ 0 +", paste(colnames(X), collapse = " + "), "+",
                              paste0("(0 + ", names(Z), " | id)", collapse = " + ")))
  lmerTest::lmer(formula, frame, control = lmerControl(optimizer = "bobyqa", check.nobs.vs.nRE = "ignore",
    check.nobs.vs.nlev = "ignore", check.rankX = "ignore", calc.derivs = TRUE,
    optCtrl = list(rhobeg = 0.05, rhoend = 1e-10, maxfun = 1e6)),
    start = sqrt(c(V[lower.tri(V)], left[-least]) / left[least]))
}
model <- function(id, d, visits = sort(unique(d$visit)), constrained = FALSE, lmer = TRUE) {
  X <- design(d, visits, constrained); g <- by_gls(d, X)
  L <- diag(ncol(X))
  expected <- list(coef = unname(coef(g$m)), se = unname(sqrt(diag(vcov(g$m)))), log_likelihood = as.numeric(logLik(g$m)),
                   covariance = g$V)
  if (lmer) {
    m <- by_lmer(d, X, g$V)
    adjusted <- as.matrix(vcovAdj(m))
    expected$lmer <- list(coef = unname(fixef(m)), se = unname(sqrt(diag(as.matrix(vcov(m))))),
      log_likelihood = as.numeric(logLik(m)), kr_se = unname(sqrt(diag(adjusted))),
      kr_df = apply(L, 1, function(l) get_Lb_ddf(m, l)),
      satterthwaite_df = apply(L, 1, function(l) contest1D(m, l, ddf = "Satterthwaite")$df))
    cat(id, "gls v lmer: logLik", expected$log_likelihood - expected$lmer$log_likelihood, "coef",
        max(abs(expected$coef - expected$lmer$coef)), "se", max(abs(expected$se / expected$lmer$se - 1)), "\n")
  }
  add(paste("mmrm", id), list(data = as.list(d), visits = visits, constrained = constrained), expected)
}
generate <- function(n, visits, arms, sd, correlation, seed, base = TRUE) {
  set.seed(seed); k <- length(visits)
  V <- diag(sd) %*% (correlation + diag(1 - correlation, k)) %*% diag(sd)
  arm <- rep(0:(arms - 1), length.out = n); b <- round(rnorm(n, 2.5, 0.6), 3)
  y <- matrix(rnorm(n * k), n) %*% chol(V) + outer(0.5 * arm, seq_len(k) / k) + 3 + if (base) 0.4 * b else 0
  d <- data.frame(id = rep(seq_len(n), each = k), visit = rep(visits, n), arm = rep(arm, each = k),
                  base = rep(b, each = k), y = round(as.vector(t(y)), 4))
  if (base) d else d[, c("id", "visit", "arm", "y")]
}
monotone <- function(d, seed, rate) {                     # nobody returns
  set.seed(seed); last <- sample(unique(d$visit), max(d$id), TRUE, c(rep(rate, length(unique(d$visit)) - 1), 1))
  d[d$visit <= last[d$id], ]
}
intermittent <- function(d, seed, share) { set.seed(seed); d[runif(nrow(d)) > share, ] }

o <- as.data.frame(Orthodont)
model("orthodont, complete", data.frame(id = as.integer(factor(o$Subject, ordered = FALSE)), visit = o$age,
      arm = as.integer(o$Sex == "Male"), y = o$distance), lmer = FALSE)
d4 <- generate(48, c(2, 4, 8, 12), 2, c(1, 1, 1.1, 1.1), 0.2, 2)
model("complete", d4)
model("monotone missingness", monotone(d4, 3, 0.25))
model("intermittent missingness", intermittent(generate(60, c(1, 4, 12), 2, c(0.8, 0.9, 1.1), 0.28, 2), 22, 0.2))
model("three arms", intermittent(monotone(generate(54, c(4, 12, 26), 3, c(0.9, 1, 1.1), 0.3, 5), 32, 0.2), 33, 0.1))
model("two visits, small", intermittent(generate(14, c(4, 12), 2, c(0.9, 1.3), 0.4, 3), 42, 0.15))
model("one arm", intermittent(generate(25, c(4, 12, 26), 1, c(0.9, 1, 1.1), 0.25, 6), 52, 0.15))
model("one visit", generate(30, 26, 2, 1.1, 0, 61), lmer = FALSE)
model("high correlation, eight visits", intermittent(monotone(generate(120, c(1, 2, 4, 8, 12, 16, 20, 26), 2,
      seq(0.6, 1.3, 0.1), 0.6, 71), 72, 0.05), 73, 0.05), lmer = FALSE)
c4 <- generate(60, c(0, 4, 12), 2, c(0.9, 1, 1.1), 0.3, 2, base = FALSE)
c4$y <- c4$y - (c4$visit == 0) * 0.1 * c4$arm
model("constrained", intermittent(monotone(c4, 82, 0.2), 83, 0.08), constrained = TRUE)

# one visit, analysis of covariance ---------------------------------------------------------------------------
for (s in list(c(30, 91, 2), c(9, 92, 2), c(45, 93, 3))) {
  d <- generate(s[1], 26, s[3], 1.2, 0, s[2]); m <- lm(y ~ factor(arm) + base, d)
  V <- vcovHC(m, type = "HC3"); k <- s[3]
  add(paste("ancova", s[1], "participants,", k, "arms"), as.list(d[, c("arm", "base", "y")]),
      list(difference = unname(coef(m)[2:k]), se = unname(sqrt(diag(V))[2:k]), df = m$df.residual))
}

# GEE ----------------------------------------------------------------------------------------------------------
by_gee <- function(d, correlation, alpha = NULL) {
  visits <- sort(unique(d$visit)); X <- design(d, visits); frame <- data.frame(y = d$y, X)
  formula <- as.formula(paste("y ~ 0 +", paste(colnames(X), collapse = " + ")))
  frame$id <- d$id
  control <- geese.control(epsilon = 1e-12, maxit = 200)
  m <- if (is.null(alpha)) geeglm(formula, binomial, frame, id = id, corstr = correlation, control = control,
                                  scale.fix = TRUE)
       else geeglm(formula, binomial, frame, id = id, corstr = "fixed", scale.fix = TRUE, control = control,
                   zcor = rep(alpha, sum(choose(table(d$id), 2))))
  rho <- if (!is.null(alpha)) alpha else if (correlation == "independence") 0 else unname(m$geese$alpha)
  p <- unname(fitted(m)); B <- matrix(0, ncol(X), ncol(X)); C <- B   # Mancl and DeRouen 2001, written out
  parts <- lapply(split(seq_along(p), d$id), function(rows) {
    x <- X[rows, , drop = FALSE]; a <- p[rows] * (1 - p[rows]); k <- length(rows)
    R <- diag(1 - rho, k) + rho
    list(D = a * x, Vi = solve(diag(sqrt(a), k) %*% R %*% diag(sqrt(a), k)), r = d$y[rows] - p[rows])
  })
  for (q in parts) B <- B + t(q$D) %*% q$Vi %*% q$D
  naive <- solve(B); S <- C
  for (q in parts) {
    H <- q$D %*% naive %*% t(q$D) %*% q$Vi
    e <- solve(diag(nrow(H)) - H, q$r); u <- t(q$D) %*% q$Vi %*% e; C <- C + u %*% t(u)
    w <- t(q$D) %*% q$Vi %*% q$r; S <- S + w %*% t(w)
  }
  list(coef = unname(coef(m)), robust_se = unname(summary(m)$coefficients[, 2]), alpha = rho,
       robust_by_hand = unname(sqrt(diag(naive %*% S %*% naive))),
       mancl_derouen_se = unname(sqrt(diag(naive %*% C %*% naive))))
}
binary <- function(n, visits, arms, seed) {
  set.seed(seed); arm <- rep(0:(arms - 1), length.out = n); u <- rnorm(n)
  d <- data.frame(id = rep(seq_len(n), each = length(visits)), visit = rep(visits, n), arm = rep(arm, each = length(visits)))
  d$y <- as.integer(runif(nrow(d)) < plogis(-0.3 + 0.7 * d$arm + 0.02 * d$visit + 1.2 * u[d$id])); d
}
moment_alpha <- function(d) {   # Liang and Zeger 1986: pairs of Pearson residuals, p subtracted from the number of pairs
  visits <- sort(unique(d$visit)); X <- design(d, visits); rho <- 0
  for (i in 1:200) {
    f <- by_gee(d, "fixed", rho); p <- plogis(as.vector(X %*% f$coef)); r <- (d$y - p) / sqrt(p * (1 - p))
    pairs <- sapply(split(r, d$id), function(e) (sum(e)^2 - sum(e^2)) / 2)
    scale <- sum(r^2) / (length(r) - ncol(X))
    new <- sum(pairs) / (sum(choose(table(d$id), 2)) - ncol(X)) / scale
    if (abs(new - rho) < 1e-13) break; rho <- new
  }
  rho
}
for (s in list(list("two arms", binary(60, c(4, 12, 26), 2, 101), 0.1), list("three arms", binary(75, c(4, 12), 3, 111), 0.1),
               list("complete, small", binary(24, c(4, 12, 26), 2, 121), 0))) {
  d <- intermittent(s[[2]], 131, s[[3]])
  add(paste("gee", s[[1]]), as.list(d), list(independence = by_gee(d, "independence"),
      geepack_exchangeable = by_gee(d, "exchangeable"), exchangeable = by_gee(d, "fixed", moment_alpha(d))))
}

meta <- list(R = R.version.string, packages = lapply(setNames(nm = c("nlme", "lme4", "lmerTest", "pbkrtest", "sandwich",
             "geepack")), function(p) as.character(packageVersion(p))))
write(toJSON(list(meta = meta, cases = cases), auto_unbox = TRUE, digits = NA, null = "null", na = "null"),
      "models_reference.json")
cat(length(cases), "cases\n")
