"""The first page in a real browser: Chinese, whole, and without a complaint in its console."""


def test_the_sign_in_page_is_whole(live):
    complaints = []
    with live.page() as page:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 400 else None)
        page.goto("/account/login/")
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("lang") == "zh-hans"
        assert page.locator("input[type=password]").is_visible()
        live.screenshot(page, "sign-in")
    assert complaints == []


def test_a_session_made_beforehand_signs_in(live, client, django_user_model):
    client.force_login(django_user_model.objects.create_user("p1", name="名"))
    with live.page(session=client.session.session_key) as page:
        page.goto("/account/login/")
        assert "/account/login/" not in page.url
