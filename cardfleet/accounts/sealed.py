"""What accounts keeps sealed beside encrypted fields: the secrets of second factors."""

from allauth.mfa.models import Authenticator

from cardfleet.kernel.rotation import Column, register

for kind, key in (("one-time codes", "secret"), ("recovery codes", "seed")):
    register(Column(f"mfa.Authenticator ({kind})", Authenticator._meta.db_table, "id", "data", key))
