"""What accounts, and the parts of Django and others that it uses, hold in words about people."""

from cardfleet.kernel.personal import keeps

keeps(
    "accounts.user",
    own=("name", "name_pinyin", "name_initials", "staff_no", "mobile", "email", "username", "password"),
    plain=("language",),
)
keeps("accounts.team", plain=("name", "path"))
keeps("accounts.delegation", person=("giver", "receiver"), blank=("reason",))
keeps("sessions.session", own=("session_key", "session_data"))
keeps("socialaccount.socialaccount", own=("uid", "extra_data"), plain=("provider",))
keeps("socialaccount.socialapp", plain=("provider", "provider_id", "name", "client_id", "secret", "key", "settings"))
keeps("socialaccount.socialtoken", own=("token", "token_secret"))
keeps("usersessions.usersession", own=("session_key", "user_agent", "data"))
keeps("knox.authtoken", own=("digest", "token_key"))
keeps("accounts.tokenterms", own=("name", "networks"), plain=("areas",))
keeps("account.emailaddress", own=("email",))
keeps("account.emailconfirmation", own=("key",))
keeps("mfa.authenticator", plain=("type",), own=("data",))
keeps("admin.logentry", says=("object_repr", "change_message"), plain=("object_id",))
keeps("auth.group", plain=("name",))
keeps("auth.permission", plain=("name", "codename"))
keeps("contenttypes.contenttype", plain=("app_label", "model"))
