"""The outcome of a plan on stated curves, by the formulas alone: the judge of everyone's plan.

    outcome(b) = mean over draws of  sum_channel sum_week  coefficient * h(gain[week] * b)
    gain[week] = sum of the carry-over weights of the weeks in which money was spent, per unit of the total
"""

import json

import numpy as np


class Response:
    def __init__(self, path, weeks):
        with open(path) as file:
            channels = json.load(file)["channels"]
        self.names = [channel["name"] for channel in channels]
        self.current = weeks * np.array([float(channel["current"]) for channel in channels])
        self.weeks = weeks
        self.kind = channels[0]["saturation"]["kind"]
        self.l_max = channels[0]["adstock"]["l_max"]
        column = lambda pick: np.array([pick(channel) for channel in channels])[:, :, None]
        self.decay = column(lambda channel: channel["adstock"]["decay"])
        self.coefficient = column(lambda channel: channel["coefficient"])
        if self.kind == "hill":
            self.slope = column(lambda channel: channel["saturation"]["slope"])
            self.ec50 = column(lambda channel: channel["saturation"]["ec50"])
        else:
            self.rate = column(lambda channel: channel["saturation"]["rate"])
        # [channel, draw, week], the weeks behind the horizon included.
        weights = self.decay ** np.arange(self.l_max)
        weights /= weights.sum(axis=2, keepdims=True)
        gain = np.zeros(weights.shape[:2] + (weeks + self.l_max - 1,))
        for week in range(weeks):
            gain[:, :, week : week + self.l_max] += weights / weeks
        self.gain = gain

    def outcomes(self, plan):
        """Mean outcome by channel, and its slope by channel."""
        b = np.asarray(plan, dtype=float)[:, None, None]
        x = self.gain * b
        if self.kind == "hill":
            with np.errstate(divide="ignore", invalid="ignore"):
                h = np.where(x > 0, 1 / (1 + (self.ec50 / x) ** self.slope), 0.0)
                slope = np.where(x > 0, h * (1 - h) * self.slope / np.where(b > 0, b, 1), 0.0)
        else:
            e = np.exp(-self.rate * x)
            h = (1 - e) / (1 + e)
            slope = self.gain * self.rate * 2 * e / (1 + e) ** 2
        per_draw = lambda series: (self.coefficient * series).sum(axis=2).mean(axis=1)
        return per_draw(h), per_draw(slope)

    def outcome(self, plan):
        return self.outcomes(plan)[0].sum()
