#!/bin/sh
# The API by curl: sign in, read, and see a refusal. USERNAME and PASSWORD, or CARDFLEET_TOKEN of before.
set -eu
api="${CARDFLEET_URL:?}/api/v1"

if [ -z "${CARDFLEET_TOKEN:-}" ]; then
    # A token is shown this once; keep it where only the program can read it.
    CARDFLEET_TOKEN=$(curl --fail-with-body --silent --show-error "$api/auth/token/" \
        --header 'Content-Type: application/json' \
        --data "{\"username\": \"${USERNAME:?}\", \"password\": \"${PASSWORD:?}\"}" |
        sed 's/.*"token":"\([^"]*\)".*/\1/')
fi
ask() {
    curl --silent --show-error --header "Authorization: Token $CARDFLEET_TOKEN" --header 'Accept-Language: en' "$@"
    echo
}

echo 'Cards in service, ten a page; "next" is the link of the following page:'
ask "$api/cards/?service_state=active&page_size=10"

echo 'One card by its number:'
ask "$api/cards/msisdn:${MSISDN:?}/"

echo 'A filter that there is not: 400, and those there are:'
ask "$api/cards/?colour=red"
