"""Catalogue: the organizations of the network, the services they offer, and the taxonomy of both.

Owns       organizations, services; the taxonomy and the known municipalities (files in data/)
Answers    publish_organization, list_organizations, publish_service, get_service, find_services,
           get_taxonomy
Publishes  organization.published.v1, service.published.v1, each with the whole state
Listens    nothing

Room beside the usual ones
tables     the taxonomy and the municipalities in data/, each with its source, read once
"""
