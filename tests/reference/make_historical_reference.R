# Reference numbers for one arm against a fixed rate: Rscript make_historical_reference.R -> historical_reference.json
# binom.test of R: exact two-sided p by equal or smaller probability, Clopper-Pearson interval.
suppressMessages(library(jsonlite))
counts <- list(c(13, 29, 0.3), c(0, 12, 0.2), c(12, 12, 0.6), c(5, 9, 0.5), c(41, 60, 0.55), c(1, 47, 0.01), c(58, 94, 0.45))
cases <- lapply(counts, function(g) {
  t <- binom.test(g[1], g[2], g[3])
  list(n = g[1], N = g[2], fixed = g[3], p_value = t$p.value, conf_low = t$conf.int[1], conf_high = t$conf.int[2])
})
write(toJSON(list(cases = cases), auto_unbox = TRUE, digits = 17, pretty = TRUE), "historical_reference.json")
