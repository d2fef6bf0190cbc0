# Reference numbers for the change of a score: Rscript make_quality_reference.R -> quality_reference.json
# Scores of 48 made-up participants on their days; change from baseline by arm and visit with the baseline at each
# visit. nlme::gls fits the unstructured model. The same model as lmer (one random term per pair of visits and per
# visit but one; see make_models_reference.R) gives Kenward-Roger limits by pbkrtest.
suppressMessages({library(nlme); library(lme4); library(pbkrtest); library(jsonlite)})
set.seed(20271)
n <- 48; weeks <- c(4, 12, 26); k <- length(weeks)
arm <- rep(c("T", "C"), length.out = n)
base <- round(rnorm(n, 35, 6))
V <- diag(c(4, 4.5, 5)) %*% (0.3 + diag(0.7, k)) %*% diag(c(4, 4.5, 5))
change <- matrix(rnorm(n * k), n) %*% chol(V) + outer(2 * (arm == "T"), c(0.6, 1, 1.2)) + 1.5 - 0.25 * (base - 35)
score <- pmin(pmax(round(base + change), 0), 52)
score[matrix(runif(n * k) < 0.15, n)] <- NA
base[c(7, 30)] <- NA                                     # two without a baseline are in no model
rows <- rbind(data.frame(USUBJID = sprintf("S-%02d", 1:n), ARM = arm, ADY = 1, AVAL = base),
  do.call(rbind, lapply(seq_len(k), function(v) data.frame(USUBJID = sprintf("S-%02d", 1:n), ARM = arm,
          ADY = 7 * weeks[v] + 1 + sample(-2:2, n, TRUE), AVAL = score[, v]))))
rows <- rows[!is.na(rows$AVAL), ]

d <- data.frame(id = rep(1:n, k), v = rep(seq_len(k), each = n), arm = rep(arm == "T", k), base = rep(base, k),
                y = as.vector(score) - rep(base, k))
d <- d[!is.na(d$y), ]; d <- d[order(d$id, d$v), ]
d$b <- d$base - mean(base[sort(unique(d$id))])           # means stand at the mean baseline of who is in the model
X <- do.call(cbind, lapply(seq_len(k), function(v) { at <- as.numeric(d$v == v); cbind(at, at * d$arm, at * d$b) }))
colnames(X) <- paste0(c("c", "d", "b"), rep(seq_len(k), each = 3))
frame <- cbind(d[, c("id", "v", "y")], X)
fixed <- paste("y ~ 0 +", paste(colnames(X), collapse = " + "))
g <- gls(as.formula(fixed), frame, correlation = corSymm(form = ~ v | id), weights = varIdent(form = ~ 1 | v),
         control = glsControl(tolerance = 1e-12, msTol = 1e-16, maxIter = 500, msMaxIter = 5000, opt = "optim"))
whole <- names(which.max(table(frame$id)))
sd <- numeric(k); first <- frame$v[1]; sd[first] <- g$sigma
w <- coef(g$modelStruct$varStruct, unconstrained = FALSE); sd[as.integer(names(w))] <- g$sigma * w
S <- diag(sd) %*% corMatrix(g$modelStruct$corStruct)[[whole]] %*% diag(sd)
Z <- list()
for (i in 1:(k - 1)) for (j in (i + 1):k) Z[[paste0("p", i, j)]] <- as.numeric(d$v %in% c(i, j))
left <- 2 * diag(S) - rowSums(S); least <- which.min(left); stopifnot(all(S > 0), all(left > 0))
for (i in setdiff(1:k, least)) Z[[paste0("o", i)]] <- as.numeric(d$v == i)
m <- lmer(as.formula(paste(fixed, "+", paste0("(0 + ", names(Z), " | id)", collapse = " + "))),
          cbind(frame, as.data.frame(Z)), start = sqrt(c(S[lower.tri(S)], left[-least]) / left[least]),
          control = lmerControl(optimizer = "bobyqa", check.nobs.vs.nRE = "ignore", check.nobs.vs.nlev = "ignore",
                                check.rankX = "ignore", optCtrl = list(rhobeg = 0.05, rhoend = 1e-10, maxfun = 1e6)))
cat("gls v lmer: log likelihood", as.numeric(logLik(g)) - as.numeric(logLik(m)), "coef", max(abs(coef(g) - fixef(m))), "\n")
adjusted <- as.matrix(vcovAdj(m))
limits <- function(L) {
  estimate <- sum(L * coef(g)); se <- sqrt(as.numeric(L %*% adjusted %*% L)); df <- get_Lb_ddf(m, L)
  list(estimate = estimate, df = df, conf_low = estimate - qt(.975, df) * se, conf_high = estimate + qt(.975, df) * se)
}
unit <- function(names) as.numeric(colnames(X) %in% names)
expected <- list()
for (v in 1:k) {
  at <- paste0("week ", weeks[v])
  expected[[length(expected) + 1]] <- c(list(of = "C", label = at), limits(unit(paste0("c", v))))
  expected[[length(expected) + 1]] <- c(list(of = "T", label = at), limits(unit(paste0(c("c", "d"), v))))
  expected[[length(expected) + 1]] <- c(list(of = "T - C", label = at), limits(unit(paste0("d", v))))
}
expected[[length(expected) + 1]] <- c(list(of = "T - C", label = "average of the visits"),
                                      limits(unit(paste0("d", 1:k)) / k))
meta <- list(R = R.version.string, packages = lapply(setNames(nm = c("nlme", "lme4", "pbkrtest")),
                                                     function(p) as.character(packageVersion(p))))
write(toJSON(list(meta = meta, rows = as.list(rows), expected = expected), auto_unbox = TRUE, digits = NA),
      "quality_reference.json")
