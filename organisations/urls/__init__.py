"""Addresses of people and organisations, one module for each part of the site."""
