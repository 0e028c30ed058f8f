"""What `scripts/bench` measures, a file each. It reports figures and never fails by them."""
