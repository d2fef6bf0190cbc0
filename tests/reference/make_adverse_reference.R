# Reference numbers for rates per time and their ratio: Rscript make_adverse_reference.R -> adverse_reference.json
# poisson.test of stats: exact limits of one rate (Garwood) and of the ratio of two (Clopper-Pearson); epiR for the
# exact limits of an incidence rate a second time.
suppressMessages({library(jsonlite); library(epiR)})

cases <- list()
add <- function(id, input, expected) cases[[id]] <<- list(input = input, expected = expected)


one <- list(c(0, 12.4), c(1, 3.25), c(2, 51.7), c(4, 80.125), c(11, 44), c(38, 61.3), c(140, 1120.5), c(1, 1e-3))
for (x in one) {
  t <- poisson.test(x[1], x[2])
  e <- suppressWarnings(epi.conf(matrix(x, 1), ctype = "inc.rate", method = "exact"))
  add(paste("rate", x[1], x[2]), list(n = x[1], years = x[2]),
      list(estimate = unname(t$estimate), limits = as.numeric(t$conf.int), epiR = c(e$lower, e$upper)))
}
two <- list(c(11, 44, 3, 41.5), c(3, 41.5, 11, 44), c(1, 10, 1, 30), c(38, 61.3, 20, 60.2), c(5, 20, 0, 19),
            c(0, 20, 5, 19), c(140, 1120.5, 139, 1200), c(2, 100, 7, 12.5))
for (x in two) {
  t <- poisson.test(c(x[1], x[3]), c(x[2], x[4]))
  add(paste("ratio", paste(x, collapse = " ")), list(n1 = x[1], years1 = x[2], n0 = x[3], years0 = x[4]),
      list(estimate = unname(t$estimate), limits = as.numeric(t$conf.int)))
}

meta <- list(R = R.version.string, packages = list(epiR = as.character(packageVersion("epiR"))))
write(toJSON(list(meta = meta, cases = cases), auto_unbox = TRUE, digits = NA, null = "null", na = "string"),
      "adverse_reference.json")
cat(length(cases), "cases\n")
