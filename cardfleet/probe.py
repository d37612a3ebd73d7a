"""`python -m cardfleet.probe`: does the web process of this container answer (docker-compose.yml)."""

import http.client
import os
import sys


def answers() -> bool:
    """Ask `/healthz` on PORT, under the first name the site may be called by."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not answers())
