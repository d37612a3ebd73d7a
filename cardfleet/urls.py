"""The composition root: which address belongs to which app."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from cardfleet import api
from cardfleet.accounts.views import company
from cardfleet.accounts.views.profile import LanguageView
from cardfleet.kernel import views

handler500 = "cardfleet.kernel.outages.answer"
urlpatterns = [
    path("healthz", views.alive, name="healthz"),
    path("readyz", views.ready, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    # Before the pages, which are many: a dialler asks the API for every call.
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("api/v1/", include((api.urlpatterns, "api"))),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("i18n/setlang/", LanguageView.as_view(), name="set_language"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/company/", company.SignInView.as_view(), name="company_sign_in"),
    path("account/company/again/", company.AgainView.as_view(), name="company_sign_in_again"),
    path("account/company/callback/", company.CallbackView.as_view(), name="company_sign_in_callback"),
    path("", include("billing.urls")),
    path("", include("lifecycle.urls")),
    path("stock/", include("cards.urls")),
    path("agents/", include("agents.urls")),
    path("people/", include("cardfleet.accounts.urls")),
    path("files/", include("cardfleet.files.urls")),
    path("inbox/", include("cardfleet.notify.urls")),
    path("jobs/", include("cardfleet.jobs.urls")),
    path("lists/", include("cardfleet.lists.urls")),
    path("journal/", include("cardfleet.journal.urls")),
]
