# One statistical job in R: Rscript statistics.R JOB FILE.csv TIMES SCALE -> median seconds of TIMES runs, times SCALE.
suppressMessages({library(survival); library(nlme)})
given <- commandArgs(TRUE)
d <- read.csv(given[2]); times <- as.integer(given[3]); scale <- as.numeric(given[4])

curves <- function() {
  summary(survfit(Surv(time, event) ~ arm, d, conf.type = "log-log"))
  survdiff(Surv(time, event) ~ arm, d)
}
bootstrap <- function() {
  of_arm <- function(a) {
    x <- d[d$arm == a, ]
    replicate(round(10000 / scale), {
      r <- x[sample(nrow(x), replace = TRUE), ]
      quantile(survfit(Surv(time, event) ~ 1, r), .5)$quantile
    })
  }
  quantile(of_arm(1) - of_arm(0), c(.025, .975), na.rm = TRUE)
}
repeated <- function() {
  d$visit <- factor(d$visit); d$v <- as.integer(d$visit)
  gls(y ~ visit * (arm + base), d[!is.na(d$y), ], correlation = corSymm(form = ~ v | id),
      weights = varIdent(form = ~ 1 | visit))
}
job <- list(curves = curves, bootstrap = bootstrap, repeated = repeated)[[given[1]]]
cat(scale * median(replicate(times, system.time(job())[["elapsed"]])))
