import { LIGHTTPD, webApp } from "../parts.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

const SERVES_GIT = `${LIGHTTPD}alias.url = ("/git" => "/usr/lib/git-core/git-http-backend")
$HTTP["url"] =~ "^/git" {
  cgi.assign = ("" => "")
  setenv.set-environment = ("GIT_PROJECT_ROOT" => "/data", "GIT_HTTP_EXPORT_ALL" => "1", "HOME" => "/")
}
`;

const START = `#!/bin/sh
[ -e /data/demo.git ] || git init --quiet --bare --initial-branch=main /data/demo.git
git -C /data/demo.git config http.receivepack true
exec lighttpd -D -f /etc/zoo.conf
`;

const GIT = `#!/bin/bash
set -eu
repository="http://$EDGE/git/demo.git"
ask_git() { git -c "http.extraHeader=Host: $SWEEP_DOMAIN" "$@"; }
push() {
  cd "$SWEEP_SCRATCH"
  git init --quiet work
  git -C work -c user.name=zoo -c user.email=zoo@example.org commit --quiet --allow-empty --message "$1"
  ask_git -C work push --quiet --force "$repository" "HEAD:refs/heads/$1"
}
`;

export const GIT_SERVER: ZooRecipe = {
  name: "git-server",
  shows: "takes a push and gives it back: git's own backend behind a web server",
  settings: { health: { path: "/git/demo.git/info/refs?service=git-upload-pack" } },
  files: {
    "tests/data/seed": `${GIT}push sentinel\n`,
    "tests/data/verify": `${GIT}ask_git ls-remote --exit-code "$repository" refs/heads/sentinel\n`,
    "tests/custom/push-and-clone": `${GIT}push custom\nask_git clone --quiet --branch custom "$repository" "$SWEEP_SCRATCH/copy"\n`,
  },
  releases: [release("0.9.0+2.39"), release("1.0.0+2.39")],
};

function release(version: string): Release {
  return releaseOf(version, {
    services: {
      app: webApp({ start: "/start" }, { command: ["/start"], more: { volumes: ["data:/data"] } }),
    },
    configs: { "zoo.conf": SERVES_GIT, start: START },
    volumes: ["data"],
  });
}
