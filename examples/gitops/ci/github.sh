# GitHub's REST API, with the token of the job. The path of a list ends in a query, as `items` wants it.
# shellcheck shell=bash

readonly LABEL=roomtree-drift

api() { # METHOD PATH [JSON]
    local data=()
    [[ $# -lt 3 ]] || data=(--data "@$3")
    curl --fail-with-body --silent --show-error --request "$1" "${data[@]}" \
        --header @<(printf 'Authorization: Bearer %s\n' "$GITHUB_TOKEN") \
        --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' \
        "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/$2"
}

# Can this job write? Without a token it cannot.
has_token() { [[ -n "${GITHUB_TOKEN:-}" ]]; }

own_comments() { # NUMBER
    items "issues/$1/comments?" | jq --compact-output 'select(.user.login == "github-actions[bot]")'
}

add_comment() { api POST "issues/$1/comments" <(jq -Rs '{body: .}' "$2") >/dev/null; }

edit_comment() { api PATCH "issues/comments/$2" <(jq -Rs '{body: .}' "$3") >/dev/null; }

# Prints number and last commit of the pull request that brought a commit to the branch; nothing if none did.
merged() { # COMMIT
    items "commits/$1/pulls?" | jq --raw-output --slurp --arg branch "$BRANCH" \
        'map(select(.merged_at != null and .base.ref == $branch)) | first // empty | "\(.number) \(.head.sha)"'
}

open_issue() {
    items "issues?state=open&labels=$LABEL" | jq --slurp 'map(select(.pull_request | not)) | first // empty | .number'
}

add_issue() {
    api POST issues <(jq -Rs --arg title "$TITLE" --arg tag "$LABEL" '{title: $title, labels: [$tag], body: .}' "$1") >/dev/null
}

edit_issue() { api PATCH "issues/$1" <(jq -Rs '{body: .}' "$2") >/dev/null; }

close_issue() { api PATCH "issues/$1" <(jq -n '{state: "closed"}') >/dev/null; }
