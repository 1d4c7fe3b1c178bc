"""polars for profiles; fairlearn for figures with NumPy for their bootstrap."""
import numpy as np


def typed_frame(data):
    import polars as pl
    columns = {}
    for f in range(data.x.shape[1]):
        values = data.x[:, f]
        if f < 18:
            columns[f"c{f}"] = pl.Series(values)
        elif f < 24:
            columns[f"c{f}"] = pl.Series(np.floor(values * 100).astype(np.int64))
        elif f < 28:
            count = 26 if f < 26 else 1_000
            levels = [f"level {level:04d}" for level in range(count)]
            codes = np.floor(values / 3 * count).astype(np.int64)
            columns[f"c{f}"] = pl.Series(np.array(levels, dtype=object)[codes].tolist(), dtype=pl.Enum(levels))
        else:
            columns[f"c{f}"] = pl.Series(np.floor(values * 1e4).astype(np.int64) * 86_400_000).cast(pl.Datetime("ms"))
    return pl.DataFrame(columns)


def profile_numbers(column):
    import polars as pl
    values = column.to_physical().cast(pl.Float64)
    low, high, quartiles = values.min(), values.max(), [values.quantile(q, "linear") for q in (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)]
    fence = 1.5 * (quartiles[4] - quartiles[2])
    return [
        column.null_count(), values.n_unique(), values.mean(), values.std(), values.skew(), values.kurtosis(), low, high, quartiles,
        (values == 0).sum(), values.is_infinite().sum(), (values < quartiles[2] - fence).sum(), (values > quartiles[4] + fence).sum(),
        values.hist(bin_count=30),
    ]


def profile_text(column):
    import polars as pl
    import polars as pl
    counts = column.value_counts(sort=True)
    lengths = counts.to_series(0).cast(pl.String).str.len_chars()
    return [column.null_count(), counts.height, counts, lengths.min(), lengths.max()]


def profile(data):
    import polars as pl
    frame = typed_frame(data)
    return lambda: [profile_text(column) if column.dtype == pl.Enum else profile_numbers(column) for column in frame]


def fairness(data):
    import fairlearn.metrics as fm
    group = np.minimum(3, np.floor(data.x[:, 0] / 3 * 4)).astype(np.int64)
    decided, actual = (data.x[:, 1] > 1.4).astype(np.int64), data.y.astype(np.int64)
    cell = group * 4 + actual * 2 + decided
    rates = {"selection": fm.selection_rate, "tpr": fm.true_positive_rate, "fpr": fm.false_positive_rate}

    def gaps(counts):
        table = counts.reshape(4, 2, 2)
        selection = table[:, :, 1].sum(1) / table.sum((1, 2))
        fpr, tpr = (table[:, :, 1] / table.sum(2)).T
        precision = table[:, 1, 1] / table[:, :, 1].sum(1)
        omission = table[:, 1, 0] / table[:, :, 0].sum(1)
        return [selection.min() / selection.max(), *(np.ptp(rate) for rate in (selection, tpr, fpr, precision, omission))]

    def run():
        frame = fm.MetricFrame(metrics=rates, y_true=actual, y_pred=decided, sensitive_features=group)
        frame.difference(), frame.ratio()
        random = np.random.default_rng(1)
        drawn = [gaps(np.bincount(cell[random.integers(len(cell), size=len(cell), dtype=np.int32)], minlength=16)) for _ in range(1_000)]
        return np.quantile(drawn, [0.025, 0.975], axis=0)
    return run


works = {"profile": profile, "fairness": fairness}
