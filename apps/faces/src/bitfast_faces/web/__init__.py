"""The web page and the REST API of `bitfast-faces serve`."""
