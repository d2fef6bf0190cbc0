# Reference numbers for arms that were not randomised: Rscript make_observational_reference.R -> observational_reference.json
# glm() for the score (brglm2 where a level separates the arms in part), survey for weighted rates, MatchIt for pairs,
# metafor for strata; the sandwich of score and rates from the stacked equations, their derivatives taken numerically.
suppressMessages({library(survey); library(MatchIt); library(metafor); library(brglm2); library(jsonlite)})

cases <- list()
add <- function(id, d, expected) cases[[id]] <<- list(input = as.list(d), expected = expected)
terms_of <- function(d) d[setdiff(names(d), c("arm", "y"))]
score <- function(d, firth = FALSE) {
  model <- data.frame(arm = d$arm, terms_of(d))
  if (firth) glm(arm ~ ., binomial, model, method = "brglmFit", type = "AS_mean", epsilon = 1e-12, maxit = 5000)
  else glm(arm ~ ., binomial, model, epsilon = 1e-15, maxit = 100)
}

own <- function(estimand, e, A) switch(estimand,
  ATO = ifelse(A == 1, 1 - e, e),
  ATE = ifelse(A == 1, mean(A) / e, mean(1 - A) / (1 - e)),
  ATT = ifelse(A == 1, 1, e / (1 - e)))
truncated <- function(estimand, w, A, share) {
  among <- if (estimand == "ATT") A == 0 else rep(TRUE, length(A))
  q <- quantile(w[among], c(share, 1 - share))
  w[among] <- pmin(pmax(w[among], q[1]), q[2]); w
}
size <- function(w) sum(w)^2 / sum(w^2)

weighted <- function(d, w) {
  f <- svydesign(~1, weights = w, data = d)
  by_arm <- svyby(~y, ~arm, f, svymean)
  difference <- svyglm(y ~ arm, f)
  ratio <- svyglm(y ~ arm, f, family = quasipoisson(), epsilon = 1e-14, maxit = 100)
  list(weights = w, sizes = c(size(w[d$arm == 1]), size(w[d$arm == 0])),
       rates = c(by_arm$y[by_arm$arm == 1], by_arm$y[by_arm$arm == 0]),
       difference = unname(coef(difference)[2]), ratio = unname(exp(coef(ratio)[2])),
       se_known_weights = unname(sqrt(vcov(difference)[2, 2])))
}

sandwich <- function(d, f, estimand, known = FALSE) {                     # of difference and log ratio
  M <- model.matrix(f); p <- ncol(M); A <- d$arm; y <- d$y
  equations <- function(q) {
    e <- plogis(drop(M %*% (if (known) coef(f) else q[seq_len(p)]))); mu <- tail(q, 2); w <- own(estimand, e, A)
    both <- cbind(A * w * (y - mu[1]), (1 - A) * w * (y - mu[2]))
    if (known) both else cbind(M * (A - e), both)
  }
  e <- plogis(drop(M %*% coef(f))); w <- own(estimand, e, A)
  mu <- c(weighted.mean(y[A == 1], w[A == 1]), weighted.mean(y[A == 0], w[A == 0]))
  q <- if (known) mu else c(coef(f), mu)
  B <- sapply(seq_along(q), function(k) {
    h <- 1e-4 * max(1, abs(q[k])); step <- replace(numeric(length(q)), k, h)  # five points
    (colSums(equations(q - 2 * step)) - 8 * colSums(equations(q - step)) +
       8 * colSums(equations(q + step)) - colSums(equations(q + 2 * step))) / (12 * h)
  })
  V <- solve(B) %*% crossprod(equations(q)) %*% t(solve(B)); k <- length(q)
  V <- V[c(k - 1, k), c(k - 1, k)]; se <- function(g) sqrt(drop(g %*% V %*% g))
  list(difference = se(c(1, -1)), log_ratio = se(c(1 / mu[1], -1 / mu[2])), rates = sqrt(diag(V)))
}

matched <- function(d, f) {
  # MatchIt 4.5.1 takes no heed of the caliper with a vector of scores (github.com/kosukeimai/MatchIt/issues/163); with a
  # matrix of distances it does, and then takes the participants as they stand: those of the highest score first.
  # Its own standard deviation would be that of everybody together.
  logit <- unname(predict(f)); A <- d$arm
  caliper <- .2 * sqrt((var(logit[A == 1]) + var(logit[A == 0])) / 2)
  o <- order(-logit); apart <- abs(outer(logit[o], logit[o], "-")); dimnames(apart) <- list(o, o); ranked <- d[o, ]
  m <- suppressWarnings(matchit(reformulate(names(terms_of(d)), "arm"), ranked, method = "nearest", distance = apart,
               m.order = "data", caliper = caliper, std.caliper = FALSE, ratio = 1, replace = FALSE))
  found <- m$match.matrix[!is.na(m$match.matrix[, 1]), 1]
  pairs <- cbind(as.integer(names(found)), as.integer(found)); pairs <- unname(pairs[order(pairs[, 1]), ])
  stopifnot(all(abs(logit[pairs[, 1]] - logit[pairs[, 2]]) <= caliper))
  own <- data.frame(d[as.vector(pairs), ], pair = rep(seq_len(nrow(pairs)), 2))
  g <- svyglm(y ~ arm, svydesign(~pair, weights = ~1, data = own))
  list(pairs = pairs, caliper = caliper, difference = unname(coef(g)[2]),
       std_err = unname(sqrt(vcov(g)[2, 2])), rates = c(mean(own$y[own$arm == 1]), mean(own$y[own$arm == 0])))
}

in_strata <- function(d, f) {
  e <- fitted(f); s <- findInterval(e, quantile(e, 1:4 / 5), left.open = TRUE)
  t <- do.call(rbind, lapply(0:4, function(k) { p <- d[s == k, ]
    data.frame(x1 = sum(p$y[p$arm == 1]), n1 = sum(p$arm), x0 = sum(p$y[p$arm == 0]), n0 = sum(1 - p$arm)) }))
  used <- t[t$n1 > 0 & t$n0 > 0, ]
  mh <- function(measure) rma.mh(ai = x1, n1i = n1, ci = x0, n2i = n0, data = used, measure = measure, add = 0, to = "none", drop00 = FALSE)
  rd <- mh("RD"); rr <- mh("RR")
  list(counts = unname(as.matrix(t)), difference = as.numeric(rd$beta), se = rd$se, ratio = exp(as.numeric(rr$beta)), se_log = rr$se)
}

models <- function(d, e) {
  X <- terms_of(d); A <- d$arm
  f <- glm(y ~ ., binomial, d, epsilon = 1e-15, maxit = 100)
  under <- function(a) mean(predict(f, transform(d, arm = a), type = "response"))
  of_arm <- function(a) predict(glm(y ~ ., binomial, data.frame(y = d$y, X)[A == a, ], epsilon = 1e-15, maxit = 100), X, type = "response")
  m1 <- of_arm(1); m0 <- of_arm(0)
  list(g_computation = c(under(1), under(0)),
       aipw = c(mean(m1 + A / e * (d$y - m1)), mean(m0 + (1 - A) / (1 - e) * (d$y - m0))))
}

whole <- function(d, firth = FALSE) {
  f <- score(d, firth); e <- unname(fitted(f)); A <- d$arm; E <- c("ATO", "ATE", "ATT")
  out <- list(scores = e)
  for (estimand in E) {
    out[[estimand]] <- weighted(d, own(estimand, e, A))
    if (!firth) {
      out[[estimand]]$sandwich <- sandwich(d, f, estimand)
      known <- sandwich(d, f, estimand, known = TRUE)$difference          # the equations without score are survey's
      n <- nrow(d); stopifnot(abs(known * sqrt(n / (n - 1)) / out[[estimand]]$se_known_weights - 1) < 1e-6)
    }
  }
  for (estimand in E[-1]) out[[paste(estimand, "truncated")]] <- weighted(d, truncated(estimand, own(estimand, e, A), A, .05))
  if (firth) return(out)
  c(out, list(matching = matched(d, f), strata = in_strata(d, f), models = models(d, e)))
}

trial <- function(n, strength, seed) {
  set.seed(seed)
  d <- data.frame(age = round(rnorm(n, 45, 14), 2), base = round(rlnorm(n, log(12), .7), 3), lines = rpois(n, 2), steroid = rbinom(n, 1, .5))
  d$arm <- rbinom(n, 1, plogis(.3 + strength * (.05 * (d$age - 45) + .6 * (d$lines - 2) - .5 * d$steroid)))
  d$y <- rbinom(n, 1, plogis(-.2 + .8 * d$arm - .03 * (d$age - 45) - .3 * (d$lines - 2) + .4 * d$steroid))
  d
}
add("strong overlap", trial(160, .4, 21), whole(trial(160, .4, 21)))
add("weak overlap", trial(140, 1.8, 22), whole(trial(140, 1.8, 22)))
add("more of control", transform(trial(120, 1, 23), arm = 1 - arm), whole(transform(trial(120, 1, 23), arm = 1 - arm)))

d <- trial(100, .5, 24); d$evans <- as.integer(seq_len(nrow(d)) %in% head(which(d$arm == 1), 4))  # in one arm only
add("separated in part", d, whole(d, firth = TRUE))

d <- trial(100, .5, 25); d$arm <- as.integer(d$age + 5 * d$lines > 55)    # the covariates determine the arm
f <- suppressWarnings(score(d)); e <- unname(fitted(f))
add("no overlap", d, list(overlapping = max(e[d$arm == 0]) >= min(e[d$arm == 1])))

meta <- list(R = R.version.string, packages = lapply(list(survey = "survey", MatchIt = "MatchIt", metafor = "metafor", brglm2 = "brglm2"),
             function(p) as.character(packageVersion(p))))
write(toJSON(list(meta = meta, cases = cases), auto_unbox = TRUE, digits = NA, null = "null", na = "null"), "observational_reference.json")
cat(length(cases), "cases\n")
