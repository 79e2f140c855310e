"""The weights of most entropy, compiled: projected Newton steps in sums, products and quotients of a fixed order.

Rules: nothing here asks a library for an exponential, a logarithm or a product of matrices, because those differ in
their last bit from machine to machine and with the number of threads, and where a floor cannot be met the draw would
differ with them. Elsewhere: what is asked of the weights (`lottery_weights`).
"""

import math

import numpy as np

from reassure.patrols.search_kernel import LN_2, compiled, inner, natural_log

logarithm = inner(natural_log)
LN_2_REST = 2.3190468138462996e-17
"""What `LN_2` lacks of the natural logarithm of 2."""
N_EXP_TERMS = 14
LEAST_EXPONENT = -700.0
"""Below it an exponential counts as 0."""
RIDGE = 1e-9
"""Added to the diagonal, so that columns which depend on each other can be solved for."""
ENOUGH = 1e-4
"""Part of the gain that the slope foretells which a step has to bring."""
SMALLEST_STEP = 1e-10


@inner
def exponential(x):
    """E to the power x, for x at most 0: a power of 2 times a series."""
    if x < LEAST_EXPONENT:
        return 0.0
    n = np.int64(math.floor(x / LN_2 + 0.5))
    r = (x - n * LN_2) - n * LN_2_REST
    found = 1.0
    for term in range(N_EXP_TERMS, 0, -1):
        found = 1.0 + found * r / term
    return math.ldexp(found, int(n))


@inner
def fill_weights(features, duals, weights):
    """Weights ~ exp(features @ duals) that sum to 1; the logarithm of the mean of those exponentials."""
    n, m = features.shape
    top = -np.inf
    for i in range(n):
        score = 0.0
        for j in range(m):
            score += features[i, j] * duals[j]
        weights[i] = score
        top = max(top, score)
    total = 0.0
    for i in range(n):
        weights[i] = exponential(weights[i] - top)
        total += weights[i]
    for i in range(n):
        weights[i] /= total
    m, exponent = math.frexp(total / n)
    return top + logarithm(m, exponent)


@inner
def fill_slope(features, weights, slope):
    """The weighted mean of each feature."""
    n, m = features.shape
    for j in range(m):
        slope[j] = 0.0
    for i in range(n):
        for j in range(m):
            slope[j] += weights[i] * features[i, j]


@inner
def fill_curve(features, weights, slope, free, n_free, curve):
    """Lower half of the weighted covariance of the free features."""
    for p in range(n_free):
        for q in range(p + 1):
            curve[p, q] = RIDGE if p == q else 0.0
    for i in range(features.shape[0]):
        if weights[i] == 0.0:
            continue
        for p in range(n_free):
            by = weights[i] * (features[i, free[p]] - slope[free[p]])
            for q in range(p + 1):
                curve[p, q] += by * (features[i, free[q]] - slope[free[q]])


@inner
def solve(curve, n, x):
    """Solve for x in place, by L D L^T of the lower half; `curve` is used up."""
    for p in range(n):
        for q in range(p):
            by = curve[p, q]
            for k in range(q):
                by -= curve[p, k] * curve[q, k]
            curve[p, q] = by
        for q in range(p):
            by = curve[p, q]
            curve[p, q] = by / curve[q, q]
            curve[p, p] -= by * curve[p, q]
    for p in range(n):
        for q in range(p):
            x[p] -= curve[p, q] * x[q]
    for p in range(n):
        x[p] /= curve[p, p]
    for p in range(n - 1, -1, -1):
        for q in range(p + 1, n):
            x[p] -= curve[q, p] * x[q]


@compiled
def newton(features, limits, duals, weights, slope, free, curve, step, tried, most_steps, done):
    """
    Minimise `log mean exp(features @ duals)`, each dual 0 to its limit; steps are halved until they gain enough.

    Parameters
    ----------
    features
        (n_plans, n); `weights` (n_plans,) are filled with those of the duals found.
    duals
        (n,) from where to start, and what was found.
    slope, free, step, tried
        (n,) room; `curve` (n, n).
    """
    n = features.shape[1]
    now = fill_weights(features, duals, weights)
    for _ in range(most_steps):
        fill_slope(features, weights, slope)
        n_free, steepest = 0, 0.0
        for j in range(n):
            if not ((duals[j] <= 0.0 and slope[j] >= 0.0) or (duals[j] >= limits[j] and slope[j] <= 0.0)):
                free[n_free] = j
                step[n_free] = -slope[j]
                n_free += 1
                steepest = max(steepest, abs(slope[j]))
        if n_free == 0 or steepest < done:
            return
        fill_curve(features, weights, slope, free, n_free, curve)
        solve(curve, n_free, step)
        size = 1.0
        while True:
            for j in range(n):
                tried[j] = duals[j]
            along, furthest = 0.0, 0.0
            for p in range(n_free):
                j = free[p]
                tried[j] = min(max(duals[j] + size * step[p], 0.0), limits[j])
                along += slope[j] * (tried[j] - duals[j])
                furthest = max(furthest, abs(tried[j] - duals[j]))
            then = fill_weights(features, tried, weights)
            if then <= now - ENOUGH * abs(along):
                break
            size /= 2.0
            if size <= SMALLEST_STEP:
                fill_weights(features, duals, weights)
                return
        for j in range(n):
            duals[j] = tried[j]
        now = then
        if furthest < done:
            return
