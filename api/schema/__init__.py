"""The OpenAPI document and the types of the phone, both written from the Structs and routes.

Litestar's own generator fails on bodies left raw, and knows neither disclosures nor our problems.
"""
