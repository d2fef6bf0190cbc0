# Reference numbers for adjusted comparisons: Rscript make_adjusted_reference.R -> adjusted_reference.json
# glm() for logistic regression, brglm2 for Firth's estimates; the profile penalised limits by optim() and uniroot();
# the standardised difference from the formulas: AIPW with glm(), and the equations of coefficients and means stacked,
# with their derivatives taken numerically.
suppressMessages({library(brglm2); library(jsonlite)})

cases <- list()
z <- qnorm(.975)
add <- function(id, y, X, expected) cases[[id]] <<- list(
  input = list(y = y, X = as.list(as.data.frame(X))), expected = expected)

logistic <- function(y, X) {
  f <- glm(y ~ ., binomial, data.frame(y = y, X), epsilon = 1e-15, maxit = 100)
  s <- summary(f)$coefficients
  list(estimate = unname(s[, 1]), std_err = unname(s[, 2]), p = unname(s[, 4]), log_likelihood = as.numeric(logLik(f)))
}

penalised <- function(beta, y, X) {
  eta <- drop(X %*% beta); p <- plogis(eta)
  sum(ifelse(y == 1, plogis(eta, log.p = TRUE), plogis(-eta, log.p = TRUE))) +
    as.numeric(determinant(crossprod(X * sqrt(p * (1 - p))))$modulus) / 2
}
slope <- function(beta, y, X) {                                           # of the penalised likelihood
  p <- plogis(drop(X %*% beta)); W <- X * sqrt(p * (1 - p)); h <- rowSums(qr.Q(qr(W))^2)
  drop(crossprod(X, y - p + h * (.5 - p)))
}
firth <- function(y, X, limits = TRUE) {
  f <- glm(y ~ ., binomial, data.frame(y = y, X), method = "brglmFit", type = "AS_mean", epsilon = 1e-12, maxit = 5000)
  b <- coef(f)
  # centred columns are easier to climb; only the intercept feels it
  M <- cbind(1, scale(as.matrix(X), scale = FALSE)); b0 <- b; b0[1] <- b[1] + sum(b[-1] * colMeans(as.matrix(X)))
  top <- penalised(b0, y, M)
  fall <- function(value, j) {
    full <- function(other) { beta <- numeric(length(b)); beta[j] <- value; beta[-j] <- other; beta }
    g <- function(other) -penalised(full(other), y, M)
    dg <- function(other) -slope(full(other), y, M)[-j]
    climb <- function(start) {
      best <- Inf
      repeat {
        o <- optim(start, g, dg, method = "BFGS", control = list(reltol = 1e-16, maxit = 5000))
        o <- optim(o$par, g, control = list(reltol = 1e-14, maxit = 5000))   # Nelder-Mead: out of a flat corner
        if (o$value > best - 1e-11) return(min(o$value, best))
        best <- o$value; start <- o$par
      }
    }
    best <- min(sapply(c(1, 2, 4), function(far) climb(far * b0[-j])))
    top + best
  }
  limit <- function(j, side) {
    far <- b0[j] + side * sqrt(vcov(f)[j, j])
    while (fall(far, j) < qchisq(.95, 1) / 2) far <- far + side * sqrt(vcov(f)[j, j])
    uniroot(function(v) fall(v, j) - qchisq(.95, 1) / 2, sort(c(b0[j], far)), tol = 1e-10)$root
  }
  terms <- if (limits) seq_along(b)[-1] else c()                           # optim() finds the lower of two summits
  list(estimate = unname(b), std_err = unname(sqrt(diag(vcov(f)))), log_likelihood = penalised(b, y, cbind(1, as.matrix(X))),
       low = sapply(terms, limit, side = -1), high = sapply(terms, limit, side = 1),
       p = sapply(terms, function(j) pchisq(2 * fall(0, j), 1, lower.tail = FALSE)))
}

standardised <- function(y, X) {                                          # the first column is the arm
  d <- data.frame(y = y, X); n <- nrow(d); arm <- d[[2]]
  f <- glm(y ~ ., binomial, d, epsilon = 1e-15, maxit = 100)
  under <- function(a) { d[[2]] <- a; predict(f, d, type = "response") }
  m1 <- under(1); m0 <- under(0)
  share <- fitted(glm(arm ~ 1, binomial))                                 # the observed share of the arm
  aipw1 <- arm * (y - m1) / share + m1; aipw0 <- (1 - arm) * (y - m0) / (1 - share) + m0
  rd <- mean(aipw1) - mean(aipw0); log_rr <- log(mean(aipw1) / mean(aipw0))
  se <- function(values) sqrt(sum((values - mean(values))^2)) / n
  M <- model.matrix(f); M1 <- M; M1[, 2] <- 1; M0 <- M; M0[, 2] <- 0
  equations <- function(q) {
    beta <- q[seq_len(ncol(M))]; theta <- q[-seq_len(ncol(M))]
    cbind(M * drop(y - plogis(M %*% beta)), plogis(M1 %*% beta) - theta[1], plogis(M0 %*% beta) - theta[2])
  }
  q <- c(coef(f), mean(m1), mean(m0))
  A <- sapply(seq_along(q), function(k) {
    h <- 1e-4 * max(1, abs(q[k])); step <- replace(numeric(length(q)), k, h)   # five points
    (colSums(equations(q - 2 * step)) - 8 * colSums(equations(q - step)) +
       8 * colSums(equations(q + step)) - colSums(equations(q + 2 * step))) / (12 * h)
  })
  V <- solve(A) %*% crossprod(equations(q)) %*% t(solve(A))
  k <- length(q)
  gradient <- function(g) { v <- numeric(k); v[k - 1] <- g[1]; v[k] <- g[2]; v }
  stacked <- function(g) sqrt(drop(gradient(g) %*% V %*% gradient(g)))
  mean_slope <- function(N, beta) colMeans(N * drop(dlogis(N %*% beta)))
  b1 <- mean_slope(M1, coef(f)); b0 <- mean_slope(M0, coef(f)); delta <- function(g) sqrt(drop(g %*% vcov(f) %*% g))
  rr <- c(1 / mean(m1), -1 / mean(m0))
  list(rates = c(mean(m1), mean(m0)), difference = rd, log_ratio = log_rr,
       se_influence = c(se(aipw1 - aipw0), se(aipw1 / mean(aipw1) - aipw0 / mean(aipw0))),
       se_sandwich = c(stacked(c(1, -1)), stacked(rr)),
       se_delta = c(delta(b1 - b0), delta(b1 * rr[1] + b0 * rr[2])),
       se_rate = c(se(aipw1), se(aipw0)))
}

trial <- function(n, share, strength, seed) {
  set.seed(seed)
  d <- data.frame(arm = rbinom(n, 1, share), age = round(rnorm(n, 45, 14)), base = round(rlnorm(n, log(12), .7)),
                  lines = 1 + rpois(n, 1), steroid = rbinom(n, 1, .5))
  list(X = d, y = rbinom(n, 1, plogis(-1 + strength * d$arm + .02 * (d$age - 45) + .06 * (d$base - 12) - .2 * d$lines)))
}
with_both <- function(id, t) {
  add(paste("logistic", id), t$y, t$X, logistic(t$y, t$X))
  add(paste("standardised", id), t$y, t$X, standardised(t$y, t$X))
}
with_both("n 120", trial(120, .5, 1, 11))
with_both("n 60, three to one", trial(60, .75, .8, 12))
with_both("n 400", trial(400, .5, .5, 13))
alone <- trial(80, .5, 1, 14); alone$X <- alone$X["arm"]
with_both("n 80, arm alone", alone)

data(endometrial, package = "brglm2")                                     # NV separates in part
add("firth endometrial", endometrial$HG, endometrial[c("NV", "PI", "EH")],
    firth(endometrial$HG, endometrial[c("NV", "PI", "EH")]))
t <- trial(60, .5, 1, 15); t$y[t$X$arm == 1] <- 1                         # everybody responds in one arm
add("firth everybody in one arm", t$y, t$X, firth(t$y, t$X))
t <- trial(40, .5, 1, 16); t$y <- as.integer(t$X$steroid == 1)            # a covariate separates wholly
add("firth complete separation", t$y, t$X[c("arm", "age", "steroid")], firth(t$y, t$X[c("arm", "age", "steroid")], limits = FALSE))
t <- trial(30, .5, 1, 17); t$y <- rep(0L, 30)                             # nobody responds
add("firth nobody", t$y, t$X[c("arm", "steroid")], firth(t$y, t$X[c("arm", "steroid")]))
t <- trial(50, .5, 1, 18)
add("firth without separation", t$y, t$X[c("arm", "age", "base")], firth(t$y, t$X[c("arm", "age", "base")]))

meta <- list(R = R.version.string, packages = list(brglm2 = as.character(packageVersion("brglm2"))))
write(toJSON(list(meta = meta, cases = cases), auto_unbox = TRUE, digits = NA, null = "null", na = "null"),
      "adjusted_reference.json")
cat(length(cases), "cases\n")
