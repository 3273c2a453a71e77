"""Is it still true? One month looked at, the kept score, alarms, and the monthly round.

In:    data sets, the store, channels.
Out:   `Watch`: what the Drift page and `archive-forecast monitor` ask.
Never: is on the path of a forecast.
"""
