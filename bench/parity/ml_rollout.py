"""Goldens for engine/ml/rollout: confidence sequences, people needed, chances to be the best, and bandits played by NumPy.

usage: ml_rollout.py FOLDER   writes FOLDER/ml-rollout.json
Formulas are written down anew from their papers and solved by SciPy's own functions; statsmodels gives sample sizes and
SciPy Welch's interval. Rewards of the bandits stand in the golden as text of 0 and 1.
"""
import json
import sys
from pathlib import Path

import numpy as np
import scipy
import scipy.stats as st
import statsmodels
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import betaln
from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail

folder = Path(sys.argv[1])
rng = np.random.default_rng(20261121)


def share_limits(x, n, alpha):
    """Robbins 1970: p for which the beta-binomial mixture over the likelihood stays below 1 / alpha."""

    def excess(p):
        return betaln(x + 0.5, n - x + 0.5) - betaln(0.5, 0.5) - st.binom.logpmf(x, n, p) + log_choose + np.log(alpha)

    log_choose = -betaln(x + 1, n - x + 1) - np.log(n + 1)
    low = 0 if x == 0 else brentq(excess, 1e-300, x / n, xtol=1e-300, rtol=1e-14, maxiter=10_000)
    high = 1 if x == n else 1 - brentq(lambda q: excess(1 - q), 1e-16, 1 - x / n, xtol=1e-16, rtol=1e-14)
    return [low, high]


def mixture_test(difference, variance, scale, alpha):
    """Johari et al. 2022: the ratio integrates the normal likelihood over N(0, scale²); interval by search."""

    def log_ratio(theta):
        # likelihood with the mixture centred at theta, over that of theta itself
        wide = st.norm.logpdf(difference, theta, np.sqrt(variance + scale**2))
        return wide - st.norm.logpdf(difference, theta, np.sqrt(variance))

    half = brentq(lambda h: log_ratio(difference - h) + np.log(alpha), 0, 50 * np.sqrt(variance) + 50 * scale, xtol=1e-15)
    return {"half": half, "p": min(1.0, float(np.exp(-log_ratio(0))))}


def best_chances(posteriors):
    chances = []
    for arm, own in enumerate(posteriors):
        others = [other for at, other in enumerate(posteriors) if at != arm]
        # over the arm's own quantiles, with points where the others rise
        points = sorted({float(own.cdf(other.ppf(q))) for other in others for q in (0.001, 0.1, 0.5, 0.9, 0.999)})
        points = [p for p in points if 1e-9 < p < 1 - 1e-9]
        value, _ = quad(
            lambda u: float(np.prod([other.cdf(own.ppf(u)) for other in others])), 0, 1, points=points, limit=500, epsabs=1e-9
        )
        chances.append(value)
    return chances


def play_upper(rewards, kind):
    """UCB1 and UCB1-tuned (Auer et al. 2002); the first of equals."""
    arms, length = rewards.shape
    n = np.zeros(arms)
    total = np.zeros(arms)
    choices = []
    for t in range(length):
        if (n == 0).any():
            arm = int(np.argmax(n == 0))
        else:
            log = np.log(n.sum())
            mean = total / n
            variance = mean - mean**2 + np.sqrt(2 * log / n)
            width = 2 * log / n if kind == "ucb1" else log / n * np.minimum(0.25, variance)
            arm = int(np.argmax(mean + np.sqrt(width)))
        choices.append(arm)
        n[arm] += 1
        total[arm] += rewards[arm, t]
    return choices


def thompson_regrets(shares, rounds, batch, runs):
    """Beta-Bernoulli Thompson sampling in batches; posterior draws by NumPy."""
    best = max(shares)
    regrets = []
    for _ in range(runs):
        good = np.zeros(len(shares))
        n = np.zeros(len(shares))
        regret = 0.0
        for _ in range(rounds):
            draws = rng.beta(1 + good, 1 + n - good, size=(batch, len(shares)))
            arms = draws.argmax(axis=1)
            won = rng.uniform(size=batch) < np.array(shares)[arms]
            np.add.at(n, arms, 1)
            np.add.at(good, arms, won)
            regret += (best - np.array(shares)[arms]).sum()
        regrets.append(regret)
    return {"mean": float(np.mean(regrets)), "deviation": float(np.std(regrets, ddof=1)), "runs": runs}


def posterior(n, mean, squares):
    return st.t(n - 2, loc=mean, scale=np.sqrt(squares / (n * (n - 2))))


counts = [(0, 10, 0.05), (1, 10, 0.05), (10, 10, 0.05), (3, 200, 0.01), (0, 100_000, 0.001), (7, 100_000, 0.001), (512, 1_000, 0.05), (99_990, 100_000, 0.002)]
tests = [(0.02, 0.0001, 0.05, 0.05), (0.0, 0.002, 0.05, 0.05), (-0.11, 0.0008, 0.1, 0.01), (30.0, 25.0, 10.0, 0.05)]
plans = [(0.5, 0.05, 0.8, 0.05, 1.0), (0.1, 0.02, 0.9, 0.05, 1.0), (0.3, 0.1, 0.8, 0.01, 0.25)]
beta_arms = [[(60, 100), (70, 100)], [(5, 10), (5_100, 10_000)], [(0, 0), (3, 3), (90, 120)], [(50, 60), (41, 60), (40, 50), (1, 9)]]
number_arms = [[(10, 1.0, 4.0), (12, 1.5, 6.0)], [(4, 3.0, 0.5), (400, 3.1, 350.0), (30, 2.0, 9.0)]]
first, second = np.round(rng.normal(10, 2, 40), 2), np.round(rng.normal(11, 5, 25), 2)
welch = st.ttest_ind(second, first, equal_var=False).confidence_interval(0.95)
rewards = (rng.uniform(size=(4, 1_500)) < np.array([[0.45], [0.5], [0.62], [0.3]])).astype(int)
shares = [0.4, 0.5, 0.65]

golden = {
    "peers": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "numpy": np.__version__},
    "shares": [{"x": x, "n": n, "alpha": a, "limits": share_limits(x, n, a)} for x, n, a in counts],
    "differences": [
        {"difference": d, "variance": v, "scale": s, "alpha": a, **mixture_test(d, v, s, a)} for d, v, s, a in tests
    ],
    "people": [
        {
            "share": share,
            "difference": d,
            "power": power,
            "alpha": alpha,
            "ratio": ratio,
            # statsmodels sizes the sample whose share is prop2 + diff, the other is ratio times as large
            "needed": max(
                float(samplesize_proportions_2indep_onetail(share - other, other, power, ratio, alpha, alternative="two-sided"))
                for other in (share - d, share + d)
                if 0 <= other <= 1
            ),
        }
        for share, d, power, alpha, ratio in plans
    ],
    "beta": [
        {"arms": arms, "chances": best_chances([st.beta(1 + x, 1 + n - x) for x, n in arms])} for arms in beta_arms
    ],
    "numbers": [{"arms": arms, "chances": best_chances([posterior(*arm) for arm in arms])} for arms in number_arms],
    "welch": {"first": first.tolist(), "second": second.tolist(), "low": welch.low, "high": welch.high},
    "upper": {
        "rewards": ["".join(map(str, row)) for row in rewards],
        "ucb1": "".join(map(str, play_upper(rewards, "ucb1"))),
        "ucb1-tuned": "".join(map(str, play_upper(rewards, "ucb1-tuned"))),
    },
    "thompson": {"shares": shares, "rounds": 60, "batch": 20, **thompson_regrets(shares, 60, 20, 2_000)},
}
(folder / "ml-rollout.json").write_text(json.dumps(golden, indent=1) + "\n")
