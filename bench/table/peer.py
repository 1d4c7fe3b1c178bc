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
    walls, cpus = [], []
    for _ in range(times):
        started, before = time.perf_counter(), time.process_time()
        work()
        walls.append(1000 * (time.perf_counter() - started))
        cpus.append(1000 * (time.process_time() - before))
    taken[name] = {"wall": sorted(walls)[times // 2], "cpu": sorted(cpus)[times // 2]}


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
def by_number():
    return scan.sort(columns[7], descending=True, nulls_last=True).select(columns)


def by_text():
    return scan.sort(columns[0], nulls_last=True).select(columns)


def last_of(order):
    """The order alone, then the last rows by their numbers: all columns in order would not fit into memory."""
    places = scan.select(order).with_row_index().sort(order, nulls_last=True).tail(50).collect()["index"]
    scan.select(columns).with_row_index().filter(pl.col("index").is_in(places.implode())).collect()


measure("sort by a number, first rows", lambda: by_number().head(50).collect(), 1)
measure("sort by a number, to the last row", lambda: last_of(columns[7]), 1)
measure("sort by a text, first rows", lambda: by_text().head(50).collect(), 1)
measure("sort by a text, to the last row", lambda: last_of(columns[0]), 1)
measure("filter", lambda: scan.filter(pl.col(columns[1]) < 20_000).select(columns).collect().head(50), 1)
measure("search, all", lambda: scan.filter(any_text()).select(columns).collect(engine="streaming"), 1)
measure("summary of a number", lambda: summarize(columns[7]), 1)
measure("summary of a category", lambda: summarize(columns[2]), 1)
print(json.dumps(taken))
