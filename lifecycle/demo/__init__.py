"""An invented fleet to try CardFleet with: the same for the same seed, relative to a reference day.

Pure modules (`names`, `numbers`, `fates`, `blueprint`) decide who and what there is, `people`, `stock`, `history`,
`calls` and `money` write it through the services or in sets that leave the same rows.
"""
