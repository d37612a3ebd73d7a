"""The shipped score, two baselines and an oracle before the same simulated fleets."""
