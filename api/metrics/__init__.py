"""Figures for Prometheus on a port of their own; needs the extra `metrics`."""
