# What X servers say of themselves: idle time and screen, by raw X11 (X Window System Protocol, X Version 11) and
# MIT-SCREEN-SAVER 1.1. All servers are asked at the same time; one that hangs costs only itself.
use strict;
use warnings;

my $SO_PEERCRED = 17;

our (%cookie, %asked_at);
# Children that were killed and whose end nobody waited for.
our @unreaped;
my $ASK_AGAIN = 30;

sub cookie_of { my ($x) = @_; return $cookie{"$x->{pid} $x->{start}"} // '' }

# Reads the cookies that are not known yet, each in a process of its own that became the session's user: root may not be
# let into a home on a file server, and a home that does not answer costs only its own session.
sub learn_cookies {
    my ($wait, @session) = @_;
    for my $which (keys %cookie, keys %asked_at) {
        my ($pid, $start) = split ' ', $which;
        delete $asked_at{$which}, delete $cookie{$which} if !$process{$pid} || $process{$pid}{start} ne $start;
    }
    my @started = map { start_reading($_) // () } grep { cookie_of($_->{x}) eq '' && may_ask($_->{x}) } @session;
    my @reading = @started;
    my $until = monotonic() + $wait;
    while (@reading && (my $left = $until - monotonic()) > 0) {
        my $bits = '';
        vec($bits, fileno $_->{pipe}, 1) = 1 for @reading;
        select my $ready = $bits, undef, undef, $left;
        for my $r (grep { vec $ready, fileno $_->{pipe}, 1 } @reading) {
            my $got = sysread $r->{pipe}, $r->{in}, 4096, length $r->{in};
            next if $got || !defined $got && $!{EINTR};
            $cookie{ $r->{which} } = $r->{in} if $r->{in} ne '';
            $r->{over} = 1;
        }
        @reading = grep { !$_->{over} } @reading;
    }
    kill 9, map { $_->{child} } @reading;
    @unreaped = grep { waitpid($_, POSIX::WNOHANG()) == 0 } @unreaped, map { $_->{child} } @started;
    return;
}

# A file that gave no cookie is not looked at again for a while: it may be one that hangs.
sub may_ask {
    my ($x) = @_;
    my $which = "$x->{pid} $x->{start}";
    return 0 if defined $asked_at{$which} && monotonic() - $asked_at{$which} < $ASK_AGAIN;
    $asked_at{$which} = monotonic();
    return 1;
}

sub start_reading {
    my ($s) = @_;
    my @account = @{ account_name($s->{uid}) };
    my @path = authorities_of($s);
    pipe my $from, my $to or return undef;
    my $child = fork;
    return undef if !defined $child;
    if ($child == 0) {
        close STDIN;
        close STDOUT;
        POSIX::_exit(1) if !become_user($s->{uid}, $account[3] // $s->{uid});
        for my $path (@path) {
            my $found = x_cookie($path, $s->{display});
            next if $found eq '';
            syswrite $to, $found;
            last;
        }
        POSIX::_exit(0);
    }
    close $to;
    return { which => "$s->{x}{pid} $s->{x}{start}", pipe => $from, child => $child, in => '' };
}

# Gives up root for good: groups, group and user, in this order. True when nothing of root is left.
sub become_user {
    my ($uid, $gid, @groups) = @_;
    @SIG{qw(TERM HUP PIPE)} = ('DEFAULT') x 3;
    return $> == $uid if $> != 0;
    $) = join ' ', $gid, $gid, @groups;
    POSIX::setgid($gid);
    POSIX::setuid($uid);
    return $> == $uid && $< == $uid && $( == $gid;
}

# The cookie for a display, from an Xauthority file (Xau(3)).
sub x_cookie {
    my ($file, $display) = @_;
    my $bytes = -f $file ? slurp($file, 262144) : undef;
    return '' if !defined $bytes;
    my ($at, $size) = (0, length $bytes);
    while ($at + 2 <= $size) {
        $at += 2;
        my @field;
        for (1 .. 4) {
            last if $at + 2 > $size;
            my $length = unpack 'n', substr $bytes, $at, 2;
            push @field, substr $bytes, $at + 2, $length;
            $at += 2 + $length;
        }
        return $field[3] if @field == 4 && $field[2] eq 'MIT-MAGIC-COOKIE-1' && ($field[1] eq $display || $field[1] eq '');
    }
    return '';
}

sub padded { return $_[0] . "\0" x (-length($_[0]) % 4) }

# Connects to the socket of this very process: a stranger who listens there in its place gets no cookie.
sub x_connect {
    my ($display, $pid) = @_;
    for my $path ("\0/tmp/.X11-unix/X$display", "/tmp/.X11-unix/X$display") {
        socket my $socket, AF_UNIX, SOCK_STREAM, 0 or return undef;
        fcntl $socket, F_SETFL, O_NONBLOCK;
        connect $socket, pack_sockaddr_un($path) or next;
        my $peer = getsockopt $socket, SOL_SOCKET, $SO_PEERCRED or next;
        return $socket if unpack('l', $peer) == $pid;
    }
    return undef;
}

sub x_hello {
    my ($cookie) = @_;
    return pack('aCvvvvv', 'l', 0, 11, 0, 18, length $cookie, 0) . padded('MIT-MAGIC-COOKIE-1') . padded($cookie);
}

# Each step takes what has arrived and returns the next request, 'done' or 'failed'; undef asks for more bytes.
sub x_setup {
    my ($q) = @_;
    return undef if length $q->{in} < 8;
    my ($success, $words) = unpack 'Cx5v', $q->{in};
    return undef if length $q->{in} < 8 + 4 * $words;
    return 'failed' if $success != 1 || $words < 8;
    my $body = substr $q->{in}, 8, 4 * $words;
    my ($vendor, $formats) = unpack 'x16v x3C', $body;
    my $screen = 32 + (($vendor + 3) & ~3) + 8 * $formats;
    return 'failed' if length $body < $screen + 40;
    @{$q}{qw(root width height depth)} = unpack 'V x16 vv x14 C', substr $body, $screen, 40;
    $q->{in}   = '';
    $q->{next} = \&x_extension;
    return pack('CCvvv', 98, 0, 6, 16, 0) . 'MIT-SCREEN-SAVER';
}

sub x_reply {
    my ($q) = @_;
    return 'failed' if length $q->{in} && ord $q->{in} == 0;
    return length $q->{in} < 32 ? undef : substr $q->{in}, 0, 32, '';
}

sub x_extension {
    my ($q) = @_;
    my $reply = x_reply($q) // return undef;
    return $reply if $reply eq 'failed';
    my ($present, $opcode) = unpack 'x8CC', $reply;
    return 'done' if !$present;
    $q->{next} = \&x_idle;
    return pack 'CCvV', $opcode, 1, 2, $q->{root};
}

sub x_idle {
    my ($q) = @_;
    my $reply = x_reply($q) // return undef;
    return $reply if $reply eq 'failed';
    $q->{idle_ms} = unpack 'V', substr $reply, 16, 4;
    return 'done';
}

sub x_advance {
    my ($q) = @_;
    my $got = sysread $q->{socket}, $q->{in}, 65536, length $q->{in};
    return if !defined $got && ($!{EAGAIN} || $!{EINTR});
    return $q->{over} = 'failed' if !$got || length $q->{in} > 262144;
    my $step = $q->{next}->($q);
    return if !defined $step;
    return $q->{over} = $step if $step eq 'done' || $step eq 'failed';
    $q->{over} = 'failed' if (syswrite($q->{socket}, $step) // 0) != length $step;
    return;
}

# Asks X servers ({ display, pid, cookie }) and returns pid => { answered, width, height, depth, idle_ms }.
# answered is 1, 0 (silent for $wait seconds) or undef (it could not be asked, or refused).
sub ask_x_servers {
    my ($servers, $wait) = @_;
    my (%answer, @asking);
    for my $server (@$servers) {
        my $cookie = $server->{cookie};
        my $socket = x_connect($server->{display}, $server->{pid});
        $answer{ $server->{pid} } = { answered => undef };
        if (!$socket) {
            $answer{ $server->{pid} }{answered} = 0 if $!{EAGAIN};
            next;
        }
        next if $cookie eq '';
        my $hello = x_hello($cookie);
        next if (syswrite($socket, $hello) // 0) != length $hello;
        push @asking, { pid => $server->{pid}, socket => $socket, in => '', next => \&x_setup };
    }
    my $until = monotonic() + $wait;
    while (@asking && (my $left = $until - monotonic()) > 0) {
        my $bits = '';
        vec($bits, fileno $_->{socket}, 1) = 1 for @asking;
        select my $ready = $bits, undef, undef, $left;
        vec($ready, fileno $_->{socket}, 1) && x_advance($_) for @asking;
        for my $q (grep { $_->{over} } @asking) {
            $answer{ $q->{pid} } = {
                answered => $q->{over} eq 'done' ? 1 : undef,
                map { ($_ => $q->{$_}) } qw(width height depth idle_ms),
            };
        }
        @asking = grep { !$_->{over} } @asking;
    }
    $answer{ $_->{pid} } = { answered => 0 } for @asking;
    return \%answer;
}
