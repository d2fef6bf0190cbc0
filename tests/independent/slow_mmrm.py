"""A second implementation of the inference of the unstructured mixed model, dense and slow.

Written from Kenward & Roger 1997 (their section numbers in the comments) and, for Satterthwaite, from Giesbrecht &
Burns 1985 and Fai & Cornelius 1996. One covariance matrix over all responses of all participants; derivatives of
the likelihood by differences. Shares nothing with analysis/mmrm.
"""

import math

import numpy as np

STEP = 2e-3


class DenseModel:
    """Responses one after another: participant, visit (0, 1, ...), row of the design matrix, value."""

    def __init__(self, participant, visit, design, response):
        self.participant, self.visit = list(participant), [int(v) for v in visit]
        self.design = np.array(design, dtype=float)
        self.response = np.array(response, dtype=float)
        visits = max(self.visit) + 1
        self.parameters = [(a, b) for a in range(visits) for b in range(a + 1)]

    def derivative(self, a: int, b: int) -> np.ndarray:
        """The derivative of the covariance of all responses by the covariance of visits a and b."""
        size = len(self.response)
        matrix = np.zeros((size, size))
        for i in range(size):
            for j in range(size):
                same = self.participant[i] == self.participant[j]
                if same and {self.visit[i], self.visit[j]} == {a, b} and (a == b or i != j):
                    matrix[i, j] = 1.0
        return matrix

    def covariance(self, theta) -> np.ndarray:
        return sum(t * d for t, d in zip(theta, self.derivatives(), strict=True))

    def derivatives(self) -> list[np.ndarray]:
        if not hasattr(self, "_derivatives"):
            self._derivatives = [self.derivative(a, b) for a, b in self.parameters]
        return self._derivatives

    def phi(self, theta) -> np.ndarray:
        return np.linalg.inv(self.design.T @ np.linalg.solve(self.covariance(theta), self.design))

    def log_likelihood(self, theta) -> float:
        """Restricted log likelihood (Patterson & Thompson 1971)."""
        v, x, y = self.covariance(theta), self.design, self.response
        inverse = np.linalg.inv(v)
        information = x.T @ inverse @ x
        beta = np.linalg.solve(information, x.T @ inverse @ y)
        residual = y - x @ beta
        constant = (len(y) - x.shape[1]) * math.log(2 * math.pi)
        terms = np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1] + residual @ inverse @ residual
        return -0.5 * (constant + terms)

    def slopes(self, function, theta) -> np.ndarray:
        """First derivatives of a function of the covariance parameters, fourth-order differences."""
        found = []
        for k in range(len(theta)):
            at = [np.array(theta, dtype=float) for _ in range(4)]
            for shifted, steps in zip(at, (-2, -1, 1, 2), strict=True):
                shifted[k] += steps * STEP
            low2, low1, high1, high2 = (function(t) for t in at)
            found.append((low2 - 8 * low1 + 8 * high1 - high2) / (12 * STEP))
        return np.array(found)

    def observed_information(self, theta) -> np.ndarray:
        slopes = self.slopes(lambda t: self.slopes(self.log_likelihood, t), theta)
        return -(slopes + slopes.T) / 2

    def expected_information(self, theta) -> np.ndarray:
        """Half the trace of P V_i P V_j."""
        inverse = np.linalg.inv(self.covariance(theta))
        x = self.design
        p = inverse - inverse @ x @ self.phi(theta) @ x.T @ inverse
        products = [p @ d for d in self.derivatives()]
        return np.array([[0.5 * np.sum(a * b.T) for b in products] for a in products])

    def satterthwaite_df(self, theta, contrast, information) -> float:
        variance = contrast @ self.phi(theta) @ contrast
        slope = self.slopes(lambda t: contrast @ self.phi(t) @ contrast, theta)
        return 2 * variance**2 / (slope @ np.linalg.inv(information) @ slope)

    def kenward_roger(self, theta, contrast, information) -> tuple[float, float]:
        """Adjusted standard error and degrees of freedom of one contrast; W is the inverse of `information`."""
        w, phi, x = np.linalg.inv(information), self.phi(theta), self.design
        inverse = np.linalg.inv(self.covariance(theta))
        between = [inverse @ d @ inverse for d in self.derivatives()]
        p = [-x.T @ m @ x for m in between]
        total = np.zeros_like(phi)
        for i, left in enumerate(self.derivatives()):
            for j, right in enumerate(between):
                q = x.T @ inverse @ left @ right @ x
                total += w[i, j] * (q - p[i] @ phi @ p[j])  # (4); no second derivatives: R_ij = 0
        adjusted = phi + 2 * phi @ total @ phi
        theta_matrix = np.outer(contrast, contrast) / (contrast @ phi @ contrast)
        a1 = a2 = 0.0
        for i in range(len(p)):
            for j in range(len(p)):
                first, second = theta_matrix @ phi @ p[i] @ phi, theta_matrix @ phi @ p[j] @ phi
                a1 += w[i, j] * np.trace(first) * np.trace(second)
                a2 += w[i, j] * np.trace(first @ second)
        rows = 1
        b = (a1 + 6 * a2) / (2 * rows)
        g = ((rows + 1) * a1 - (rows + 4) * a2) / ((rows + 2) * a2)
        bottom = 3 * rows + 2 * (1 - g)
        c1, c2, c3 = g / bottom, (rows - g) / bottom, (rows + 2 - g) / bottom
        mean = 1 / (1 - a2 / rows)
        variance = 2 / rows * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
        rho = variance / (2 * mean**2)
        df = 4 + (rows + 2) / (rows * rho - 1)
        scale = df / (mean * (df - 2))
        assert math.isclose(scale, 1, rel_tol=1e-6)  # of a single contrast
        return math.sqrt(contrast @ adjusted @ contrast), df
