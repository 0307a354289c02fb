# Varnish with varnish-modules (Debian: apt install varnish varnish-modules) in front of `feedsite serve`.
# docs/deploy.md says what it does; tests/test_caches.py runs this very file.
vcl 4.1;

import directors;
import header;
import std;
import var;
import xkey;

probe well {
    .url = "/static/style.css";
    .interval = 2s;
    .timeout = 1s;
    .window = 2;
    .threshold = 1;
    .initial = 1;
}

# Every machine with the same files gives the same bytes: there may be one or many, here and in vcl_init. For a second
# one take the # from the lines that begin with it and no blank. Name no port of this machine at which nothing listens
# yet: another of its users could.
backend first {
    .host = "127.0.0.1";
    .port = "8000";
    .connect_timeout = 1s;
    .first_byte_timeout = 5s;
    .probe = well;
}

#backend second {
#    .host = "192.0.2.2";
#    .port = "8000";
#    .connect_timeout = 1s;
#    .first_byte_timeout = 5s;
#    .probe = well;
#}

# From where may be purged: the machines that run feedsite.
acl purgers {
    "localhost";
}

sub vcl_init {
    # One is asked and the others stand by: while they take in a change one after another, no reader sees it come and go.
    new origins = directors.fallback();
    origins.add_backend(first);
    #origins.add_backend(second);
    # Where the one fails: the same in the opposite order.
    new others = directors.fallback();
    #others.add_backend(second);
    others.add_backend(first);
}

sub vcl_recv {
    set req.backend_hint = origins.backend();
    if (req.restarts == 0) {
        unset req.http.Origin-Failed;
        unset req.http.Purged;
    }
    if (!std.healthy(req.backend_hint)) {
        set req.http.Origin-Failed = "yes";
    }

    # Varnish takes the host out of http://host/path alone. The rules below are about paths, and each host that somebody
    # invents would make another copy.
    if (req.url !~ "^/" && req.url != "*") {
        return (synth(400));
    }

    if (req.method == "PURGE") {
        # A second address in X-Forwarded-For, or HTTP/1.0: a proxy on such a machine, which asks for somebody else.
        if (client.ip !~ purgers || req.http.X-Forwarded-For ~ "," || req.proto != "HTTP/1.1") {
            return (synth(403));
        }
        # Not thrown away but out of date, so that it is there while no origin answers.
        set req.http.Purged = xkey.softpurge(req.http.Surrogate-Key);
        var.global_set("purged", "" + std.time2real(now, 0.0));
        return (synth(200));
    }

    # The site looks at no query, at no cookie, and for nothing but its status at who asks: each would make another copy,
    # or none at all, and an answer that is not kept is held for each slow reader by itself.
    # The forms for mixes and for the search alone have a query: their answers are kept nowhere.
    if (req.url !~ "^/+(mix/*|search(/[^?]*)?)\?") {
        set req.url = regsub(req.url, "\?.*$", "");
    }
    unset req.http.Cookie;
    if (req.url != "/status") {
        unset req.http.Authorization;
    }
    # No reader encodes a letter, a digit, a dot, a hyphen or a slash. The rules below would not see what it stands for, and
    # each spelling of a path would be another copy.
    if (req.url ~ "(?i)%(2[d-f]|3[0-9]|[46][1-9a-f]|5[0-9af]|7[0-9a])") {
        return (synth(400));
    }
    # It takes Accept_Encoding for Accept-Encoding, and this cache would know nothing of it.
    header.regsub(req, "^[^:]*_[^:]*:", "Dropped:");
    unset req.http.Dropped;

    # RFC 9110 14.2: a range means nothing where no content is asked for. Varnish would answer a HEAD that it passes on 416.
    if (req.method != "GET") {
        unset req.http.Range;
    }

    # Two copies of each text: br, and gzip, which Varnish unpacks for who takes neither.
    unset req.http.Coding;
    if (req.http.Accept-Encoding ~ "(?i)(^|,)\s*br\s*(,|$)") {
        set req.http.Coding = "br";
    }
    # Of what is packed there is no part: two machines may pack a byte differently under one tag.
    if (req.http.Accept-Encoding ~ "(?i)(br|gzip)" &&
        (req.url !~ "^/(audio|images)/" || req.url ~ "(?i)^/images/.*(\.svg$|%)")) {
        unset req.http.Range;
    }
    # A person who opens a feed is shown a page, if anybody is there to make it. Nothing else matters in this field.
    if (req.http.Sec-Fetch-Dest != "document" || req.http.Origin-Failed) {
        unset req.http.Sec-Fetch-Dest;
    } else {
        set req.http.Sec-Fetch-Dest = "document";  # a second field of this name goes
    }

    # What a machine tells of itself is nobody else's, nor is where a form leads, what a search finds, or the draft that a
    # signed address opens.
    if (req.url ~ "^/(healthz|status)$" || req.url ~ "^/+(mix/*|search(/[^?]*)?)(\?|$)" || req.url ~ "^/shared/") {
        return (pass);
    }
    # Recordings are fetched in parts, and one of them would push everything else out. In a pipe they take no memory
    # either, however slowly they are read.
    if (req.method == "GET" && req.url ~ "^/audio/") {
        return (pipe);
    }
    if ((req.method != "GET" && req.method != "HEAD") || req.url ~ "^/audio/") {
        return (pass);
    }
}

sub vcl_pipe {
    # One request, whatever its client sends behind it.
    set bereq.http.Connection = "close";
}

sub vcl_hash {
    # The site answers alike under every name. For several sites add: hash_data(req.http.Host);
    hash_data(req.url);
    if (req.http.Coding) {
        hash_data(req.http.Coding);
    }
    return (lookup);
}

sub vcl_hit {
    # What is out of date is served while it is asked for anew (stale-while-revalidate). After that time, or where it
    # was fetched before the last purge, the reader waits for the answer.
    if (obj.ttl <= 0s && !req.http.Origin-Failed && (
        obj.ttl + std.duration(obj.http.Stale-While-Revalidate, 0s) <= 0s ||
        now - obj.age < std.real2time(std.real(var.global_get("purged"), 0.0), now))) {
        set req.grace = 0s;
        return (restart);
    }
}

sub vcl_backend_fetch {
    if (bereq.retries > 0) {
        set bereq.backend = others.backend();
    }
    # Who says Via is told keys, and sent no part of a feed that it lacks but the reader may not (RFC 3229).
    set bereq.http.Via = "1.1 varnish";
    if (bereq.http.Coding && !bereq.uncacheable) {
        set bereq.http.Accept-Encoding = bereq.http.Coding;
    }
    # What is kept for all is asked for under one name: a reader's own, if it is none, would be refused to everybody.
    if (!bereq.uncacheable) {
        set bereq.http.Host = "cache.invalid";
    }
    unset bereq.http.Coding;
}

sub vcl_backend_response {
    if (beresp.status >= 500 && bereq.retries == 0) {
        return (retry);
    }
    # A failure, or a refusal, takes the place of nothing that is kept. Whatever the site means to be kept says how long.
    if ((beresp.status >= 500 || beresp.http.Cache-Control ~ "no-store" ||
        (beresp.status >= 400 && beresp.http.Cache-Control !~ "s-maxage|private")) && !bereq.uncacheable) {
        if (bereq.is_bgfetch) {
            return (abandon);
        }
        return (error(beresp.status, beresp.reason));
    }
    set beresp.http.xkey = beresp.http.Surrogate-Key;
    # Varnish reads s-maxage and stale-while-revalidate by itself, but not stale-if-error.
    set beresp.http.Stale-While-Revalidate = beresp.grace + "s";
    set beresp.grace = std.duration(
        regsub(beresp.http.Cache-Control, "^.*stale-if-error=(\d+).*$", "\1s"), beresp.grace);
}

sub vcl_backend_error {
    if (beresp.status >= 500 && bereq.retries == 0) {
        return (retry);
    }
    # A failure is kept for nobody: whoever waits for the same answer would be given it, and not what was kept before.
    set beresp.ttl = 0s;
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    set beresp.http.Content-Type = "text/plain; charset=utf-8";
    set beresp.http.Retry-After = "10";
    set beresp.body = beresp.reason + {"
"};
    return (deliver);
}

sub vcl_deliver {
    # Nobody answered: what was kept is better than nothing (stale-if-error).
    if (resp.status >= 500 && !req.http.Origin-Failed && (req.method == "GET" || req.method == "HEAD")) {
        set req.http.Origin-Failed = "yes";
        set req.grace = 1w;
        return (restart);
    }
    # A date names that one version alone; Varnish would take any later date for it.
    if (req.http.If-Modified-Since != resp.http.Last-Modified) {
        unset req.http.If-Modified-Since;
    }
    # Who has this version already, one of several perhaps, is answered 304 and need not be told what it is.
    if (resp.status == 200 && req.http.If-None-Match && resp.http.ETag &&
        std.strstr(req.http.If-None-Match, regsub(resp.http.ETag, "^W/", ""))) {
        set req.http.If-None-Match = resp.http.ETag;
        unset resp.http.Access-Control-Expose-Headers;
        unset resp.http.Content-Encoding;
        unset resp.http.Content-Security-Policy;
        unset resp.http.Content-Type;
        unset resp.http.Last-Modified;
        unset resp.http.Link;
        unset resp.http.Referrer-Policy;
        unset resp.http.X-Content-Type-Options;
    }
    # Keys are for caches, and the rest is this one's own affair.
    if (!req.http.Via && !req.http.CDN-Loop) {
        unset resp.http.Surrogate-Key;
    }
    unset resp.http.Server;
    unset resp.http.xkey;
    unset resp.http.Stale-While-Revalidate;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}

sub vcl_synth {
    set resp.http.Content-Type = "text/plain; charset=utf-8";
    set resp.http.Purged = req.http.Purged;
    set resp.body = resp.reason + {"
"};
    return (deliver);
}
