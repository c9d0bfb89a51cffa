"""Plurali on Kubernetes: the Secrets, the manifests that are generated, and what renders them."""
