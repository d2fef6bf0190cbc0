# Reference numbers for adverse events in time: Rscript make_event_course_reference.R -> event_course_reference.json
# Cumulative incidence of a first event with death competing: survfit of survival with a factor status, and cuminc of
# cmprsk a second time. First events per 100 patient-years by period: survSplit, then poisson.test. False discovery
# rate: fisher.test of each row, then p.adjust "BH". Median duration: survfit, log-log limits.
suppressMessages({library(jsonlite); library(survival); library(cmprsk)})

cases <- list()
set.seed(20260105)
made <- function(n, last) {
  day <- pmin(1 + floor(rexp(n, 1 / 120)), last)
  what <- ifelse(day == last, 0, sample(c(1, 1, 1, 2, 0), n, TRUE))
  list(day = day, what = what)   # 0 censored, 1 event, 2 death
}
for (id in c("onset 60 365", "onset 25 140", "onset 9 40")) {
  given <- as.numeric(strsplit(sub("onset ", "", id), " ")[[1]])
  d <- made(given[1], given[2])
  status <- factor(d$what, 0:2, c("censored", "event", "death"))
  f <- survfit(Surv(d$day, status) ~ 1, conf.type = "log-log")
  at <- c(7, 28, 84)
  at <- at[at <= max(d$day)]
  s <- summary(f, times = at)
  place <- which(f$states == "event")
  twice <- timepoints(cuminc(d$day, d$what, cencode = 0), at)$est
  cases[[id]] <- list(input = c(d, list(at = at)),
                      expected = list(estimate = s$pstate[, place], low = s$lower[, place], high = s$upper[, place],
                                      cmprsk = as.numeric(twice[grep(" 1$", rownames(twice)), ])))
  split <- survSplit(Surv(day, event) ~ ., data.frame(day = d$day, event = d$what == 1), cut = c(28, 84, 182),
                     episode = "period")
  periods <- lapply(1:4, function(p) {
    own <- split[split$period == p, ]
    if (!nrow(own)) return(list(n = 0, at_risk = 0, rate = NA, limits = c(NA, NA)))
    t <- poisson.test(sum(own$event), sum(own$day - own$tstart) / 365.25)
    list(n = sum(own$event), at_risk = nrow(own), rate = 100 * unname(t$estimate), limits = 100 * as.numeric(t$conf.int))
  })
  cases[[sub("onset", "periods", id)]] <- list(input = d, expected = periods)
}

rows <- list(c(8, 61, 0, 58), c(5, 61, 0, 58), c(5, 61, 13, 58), c(2, 61, 8, 58), c(1, 61, 1, 58), c(4, 61, 4, 58),
             c(0, 61, 1, 58), c(7, 61, 14, 58), c(14, 61, 1, 58), c(3, 61, 2, 58))
p <- sapply(rows, function(x) fisher.test(matrix(c(x[1], x[2] - x[1], x[3], x[4] - x[3]), 2))$p.value)
cases[["screening"]] <- list(input = list(rows = rows), expected = list(p = p, q = p.adjust(p, "BH")))

days <- c(1, 1, 2, 3, 3, 5, 8, 13, 21, 34, 34, 55)
ended <- c(1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 0)
q <- quantile(survfit(Surv(days, ended) ~ 1, conf.type = "log-log"), 0.5)
cases[["duration"]] <- list(input = list(days = days, ended = ended),
                            expected = list(median = unname(q$quantile), low = unname(q$lower), high = unname(q$upper)))

meta <- list(R = R.version.string, packages = list(survival = as.character(packageVersion("survival")),
                                                   cmprsk = as.character(packageVersion("cmprsk"))))
write(toJSON(list(meta = meta, cases = cases), auto_unbox = TRUE, digits = NA, null = "null", na = "null"),
      "event_course_reference.json")
cat(length(cases), "cases\n")
