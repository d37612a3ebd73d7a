"""The back-test of the risk score: `simulator` plays fleets and carriers, `trial` lets the shipped score watch them."""
