"""The table viewer's questions asked of polars, on the same Parquet file. Prints milliseconds as JSON."""

import json
import sys
import time

import polars as pl

path, wanted = sys.argv[1], sys.argv[2]
scan = pl.scan_parquet(path)
schema = scan.collect_schema()
columns = schema.names()[:12]
rows = scan.select(pl.len()).collect().item()
texts = [name for name, kind in schema.items() if kind == pl.String]
taken = {}


def measure(name, work, times=3):
    best = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        best.append(1000 * (time.perf_counter() - started))
    taken[name] = sorted(best)[len(best) // 2]


def any_text():
    return pl.any_horizontal([pl.col(name).str.contains(wanted, literal=True) for name in texts])


def summarize(name):
    column = scan.select(name).collect()[name]
    known = column.drop_nulls()
    known.n_unique()
    if column.dtype == pl.String:
        known.value_counts(sort=True).head(12)
    else:
        known.hist(bin_count=12)


measure("page", lambda: scan.select(columns).slice(0, 50).collect())
measure("middle", lambda: scan.select(columns).slice(rows // 2, 50).collect())
measure("end", lambda: scan.select(columns).slice(rows - 50, 50).collect())
measure("sort a number", lambda: scan.sort(columns[7], descending=True, nulls_last=True).select(columns).head(50).collect(), 1)
measure("sort a text", lambda: scan.sort(columns[0], nulls_last=True).select(columns).head(50).collect(), 1)
measure("filter", lambda: scan.filter(pl.col(columns[1]) < 20_000).select(columns).collect().head(50), 1)
measure("search, all", lambda: scan.filter(any_text()).select(columns).collect(engine="streaming"), 1)
measure("summary of a number", lambda: summarize(columns[7]), 1)
measure("summary of a category", lambda: summarize(columns[2]), 1)
print(json.dumps(taken))
