"""Goldens for engine/ml/statistics/durbin-watson: the p-values of R's lmtest (Debian: r-cran-lmtest) on seeded data.

usage: ml_durbin_watson.py FOLDER   writes FOLDER/ml-durbin-watson.json; ends with 77 where there is no R with lmtest
The exact values are taken to 80 rows: Farebrother's PAN, as lmtest runs it, loses digits beyond (a case of 99 rows came out as
0.76069 instead of 0.76036, by Imhof's integral and by PAN with more terms; at 100 and 160 rows it was wrong or gave up).
"""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

program = """
library(lmtest)
folder <- commandArgs(TRUE)[1]
print7 <- function(...) cat(sprintf("%.17g", c(...)), "\\n")
cat(as.character(packageVersion("lmtest")), paste(R.version$major, R.version$minor, sep = "."), "\\n")
for (file in sort(list.files(folder, full.names = TRUE))) {
  d <- read.csv(file)
  p <- function(alternative, exact) dwtest(y ~ ., data = d, alternative = alternative, exact = exact, tol = 1e-12)$p.value
  kinds <- c("greater", "less", "two.sided")
  print7(dwtest(y ~ ., data = d)$statistic, sapply(kinds, p, exact = TRUE), sapply(kinds, p, exact = FALSE),
         dwtest(y ~ ., data = d)$p.value)
}
"""
rscript = shutil.which("Rscript")
if not rscript or subprocess.run([rscript, "-e", "library(lmtest)"], capture_output=True).returncode != 0:
    print("R with lmtest is not installed (Debian: apt-get install r-cran-lmtest)")
    sys.exit(77)

random = np.random.default_rng(43)
cases = []
with tempfile.TemporaryDirectory() as name:
    for at, (rows, columns, memory) in enumerate(
            [(12, 1, 0.0), (25, 2, 0.6), (40, 3, -0.5), (80, 4, 0.2), (100, 2, 0.15), (160, 3, -0.1)]):
        x = np.round(random.normal(size=(rows, columns)), 3)
        noise = random.normal(size=rows)
        for t in range(1, rows):
            noise[t] += memory * noise[t - 1]
        y = np.round(x.sum(axis=1) + noise, 3)
        header = ",".join([*(f"x{j}" for j in range(columns)), "y"])
        np.savetxt(Path(name) / f"{at:02}.csv", np.c_[x, y], "%.3f", ",", header=header, comments="")
        cases.append({"x": x.tolist(), "y": y.tolist()})
    told = subprocess.run([rscript, "-", name], input=program, text=True, capture_output=True, check=True).stdout
first, *lines = [line.split() for line in told.strip().splitlines()]
for case, line in zip(cases, lines, strict=True):
    statistic, *p = map(float, line)
    case |= {"statistic": statistic, "exact": p[:3] if len(case["y"]) <= 80 else None, "normal": p[3:6], "usual": p[6]}
golden = {"peers": {"lmtest": first[0], "R": first[1]}, "order": ["greater", "less", "two.sided"], "cases": cases}
(Path(sys.argv[1]) / "ml-durbin-watson.json").write_text(json.dumps(golden) + "\n")
