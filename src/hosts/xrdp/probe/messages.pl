# Messages on a session's desktop, by the dialog programs that the host has, run as the session's user. What none of them
# shows is drawn by the other end, over a connection to the X server that is opened here (x-open), so that the cookie stays.
use strict;
use warnings;

my $SHOWN_AFTER = 0.4;
my ($MOST_OUTPUT, $X_PART) = (4096, 32768);
our (%message, %relay);

sub escaped { my ($text) = @_; my %entity = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;'); $text =~ s/([&<>])/$entity{$1}/g; return $text }

sub by_code {
    my ($m, $exit) = @_;
    return $exit >= 10 && $exit < 10 + @{ $m->{buttons} } ? $m->{buttons}[ $exit - 10 ]{answer} : undef;
}

# For each program: whether it can show this, its command, and which answer an exit code and its output stand for:
# a text is a button's answer, 'closed' a window that was closed, undef a failure.
my %DIALOG = (
    zenity => {
        fits    => sub { 1 },
        command => sub {
            my ($m) = @_;
            return ('zenity', '--question', '--switch', '--no-markup', '--width=460', "--title=$m->{title}", "--text=$m->{text}",
                map { "--extra-button=$_->{label}" } @{ $m->{buttons} });
        },
        answer => sub {
            my ($m, $exit, $output) = @_;
            my ($button) = grep { index("\n$output", "\n$_->{label}\n") >= 0 } @{ $m->{buttons} };
            return $button ? \$button->{answer} : $exit == 1 && $output !~ /cannot open display|unable to init/i ? 'closed' : undef;
        },
    },
    yad => {
        fits    => sub { !grep { $_->{label} =~ /[!:]/ } @{ $_[0]{buttons} } },
        command => sub {
            my ($m) = @_;
            my $code = 10;
            return ('yad', '--center', '--on-top', '--sticky', '--width=460', '--borders=16', "--title=$m->{title}",
                '--text=' . escaped($m->{text}), "--timeout=$m->{seconds}", '--timeout-indicator=bottom',
                map { "--button=$_->{label}:" . $code++ } @{ $m->{buttons} });
        },
        answer => sub {
            my ($m, $exit) = @_;
            my $answer = by_code($m, $exit);
            return defined $answer ? \$answer : $exit == 70 ? 'timed-out' : $exit == 252 ? 'closed' : undef;
        },
    },
    kdialog => {
        fits    => sub { @{ $_[0]{buttons} } <= 2 },
        command => sub {
            my ($m) = @_;
            my @label = map { $_->{label} } @{ $m->{buttons} };
            my @text  = ('--title', $m->{title}, @label == 1 ? '--msgbox' : '--yesnocancel', escaped($m->{text}) =~ s/\n/<br>/gr);
            return ('kdialog', @text, @label == 1 ? ('--ok-label', $label[0]) : ('--yes-label', $label[0], '--no-label', $label[1]));
        },
        answer => sub {
            my ($m, $exit) = @_;
            return $exit < @{ $m->{buttons} } ? \$m->{buttons}[$exit]{answer} : $exit == 2 ? 'closed' : undef;
        },
    },
    xmessage => {
        fits    => sub { !grep { /[^\x20-\x7e\n]/ || /\A-/ } $_[0]{text}, $_[0]{title}, map { $_->{label} =~ /[:,\\]/ ? '-' : $_->{label} } @{ $_[0]{buttons} } },
        command => sub {
            my ($m) = @_;
            my $code = 10;
            return ('xmessage', '-center', '-title', $m->{title}, '-buttons', join(',', map { "$_->{label}:" . $code++ } @{ $m->{buttons} }),
                "$m->{text}\n");
        },
        answer => sub {
            my ($m, $exit, $output) = @_;
            my $answer = by_code($m, $exit);
            return defined $answer ? \$answer : $exit == 1 && $output !~ /open display/ ? 'closed' : undef;
        },
    },
);

sub send_message_event {
    my ($m, $event, %more) = @_;
    send_frame({
        kind => \'message', id => $m->{id}, version => 1, event => \$event, by => \$m->{tool},
        answer => \$more{answer}, why => \$more{why}, connected => $more{connected},
    });
    return;
}

# The session's target, with the message's own words: TOOLS TITLE TEXT (ANSWER LABEL)..., each in hexadecimal UTF-8.
sub start_message {
    my ($id, $boot, $display, $pid, $start, $uid, $seconds, $tools, @word) = @_;
    my ($title, $text, @button) = map { pack 'H*', $_ } @word;
    my $host = read_host();
    my $s = $boot eq (boot_id() // '') ? find_target($host, $pid, $start, $uid) : undef;
    my %m = (
        id => $id, title => $title, text => $text, seconds => $seconds, tools => [split /,/, $tools], session => $s,
        target => [$boot, $pid, $start, $uid], until => monotonic() + $seconds,
        buttons => [map { { answer => $button[2 * $_], label => $button[2 * $_ + 1] } } 0 .. @button / 2 - 1],
    );
    if (!$s || !$s->{x}) { send_message_event(\%m, 'changed', why => 'the session is not there any more'); return }
    if ($> != 0 && $> != $uid) { send_message_event(\%m, 'refused', why => 'only root may show a message on the desktop of another user'); return }
    $message{$id} = \%m;
    start_dialog(\%m);
    return;
}

# The next program that can show the message, on the session as it is now.
sub start_dialog {
    my ($m) = @_;
    my ($boot, $pid, $start, $uid) = @{ $m->{target} };
    $m->{session} = find_target(read_host(), $pid, $start, $uid);
    if (!$m->{session} || !$m->{session}{x}) {
        delete $message{ $m->{id} };
        send_message_event($m, 'session-ended');
        return;
    }
    while (defined(my $tool = shift @{ $m->{tools} })) {
        my $dialog = $DIALOG{$tool} // next;
        next if !$dialog->{fits}->($m) || !program_there($tool);
        pipe my $from, my $to or next;
        my $child = start_as_user($m->{session}, $to, { LC_ALL => 'C.UTF-8' }, $dialog->{command}->($m));
        close $to;
        next if !defined $child;
        @{$m}{qw(tool child pipe output began shown closed)} = ($tool, $child, $from, '', monotonic(), 0, 0);
        return;
    }
    delete $message{ $m->{id} };
    send_message_event($m, 'no-program', connected => $m->{session}{connected});
    return;
}

sub program_there {
    my ($name) = @_;
    return scalar grep { -x "$_/$name" } qw(/usr/local/bin /usr/bin /bin);
}

sub message_pipes { return map { $_->{pipe} } grep { $_->{pipe} && !$_->{closed} } values %message }

# Says what became of messages: shown, answered, closed, timed out, or on to the next program.
sub look_after_messages {
    for my $m (values %message) {
        my $now = monotonic();
        read_dialog($m);
        my $left = waitpid $m->{child}, POSIX::WNOHANG();
        my $exit = $? & 127 ? 255 : $? >> 8;
        if ($left == 0 && !$m->{shown} && $now - $m->{began} > $SHOWN_AFTER) {
            $m->{shown} = 1;
            send_message_event($m, 'shown', connected => $m->{session}{connected});
        }
        if ($left == 0) { end_message($m, 'timed-out') if $now > $m->{until}; next }
        read_dialog($m);
        delete $m->{child};
        my $answer = $DIALOG{ $m->{tool} }{answer}->($m, $exit, $m->{output});
        if (ref $answer) { end_message($m, 'answered', answer => $$answer) }
        elsif (defined $answer) { end_message($m, $answer) }
        else { close delete $m->{pipe}; start_dialog($m) }
    }
    return;
}

sub read_dialog {
    my ($m) = @_;
    my $bits = '';
    vec($bits, fileno $m->{pipe}, 1) = 1;
    while ($m->{pipe} && !$m->{closed} && select(my $ready = $bits, undef, undef, 0) > 0) {
        my $part = '';
        my $got = sysread $m->{pipe}, $part, 4096;
        if (!$got) { $m->{closed} = 1; last }
        $m->{output} = substr $m->{output} . $part, -$MOST_OUTPUT;
    }
    return;
}

sub end_message {
    my ($m, $event, %more) = @_;
    delete $message{ $m->{id} };
    end_dialog($m);
    my ($boot, $pid, $start, $uid) = @{ $m->{target} };
    my $s = find_target(read_host(), $pid, $start, $uid);
    send_message_event($m, $s ? $event : 'session-ended', connected => $s ? $s->{connected} : undef, %more);
    return;
}

sub end_dialog {
    my ($m) = @_;
    close delete $m->{pipe} if $m->{pipe};
    my $child = delete $m->{child} // return;
    kill $SIGTERM, -$child, $child;
    my $until = monotonic() + 0.5;
    while (waitpid($child, POSIX::WNOHANG()) == 0) {
        if (monotonic() > $until) { kill $SIGKILL, -$child, $child; push @unreaped, $child; return }
        select undef, undef, undef, 0.01;
    }
    return;
}

# A connection to the session's X server: its cookie is presented here, everything after that is the other end's.
sub open_x {
    my ($id, $boot, $display, $pid, $start, $uid) = @_;
    my $host = read_host();
    my $s = $boot eq (boot_id() // '') ? find_target($host, $pid, $start, $uid) : undef;
    if (!$s || !$s->{x}) { send_x_event($id, 'changed', 'the session is not there any more'); return }
    learn_cookies($X_SERVER_WAIT, $s);
    my $cookie = cookie_of($s->{x});
    if ($cookie eq '') { send_x_event($id, 'failed', 'the cookie of its X server cannot be read'); return }
    my $socket = x_connect($s->{display}, $s->{x}{pid});
    if (!$socket) { send_x_event($id, 'failed', 'its X server takes no connection'); return }
    $relay{$id} = { id => $id, socket => $socket, out => x_hello($cookie) };
    send_frame({ kind => \'x', id => $id, version => 1, event => \'open', data => \undef, why => \undef, connected => $s->{connected} });
    return;
}

sub send_x_event {
    my ($id, $event, $why, $data) = @_;
    send_frame({ kind => \'x', id => $id, version => 1, event => \$event, why => \$why, data => \$data, connected => undef });
    return;
}

sub feed_x {
    my ($id, $hex) = @_;
    my $r = $relay{$id} // return;
    $r->{out} .= pack 'H*', $hex;
    return;
}

sub look_after_relays {
    for my $r (values %relay) {
        if (length $r->{out}) {
            my $wrote = syswrite $r->{socket}, $r->{out};
            substr $r->{out}, 0, $wrote, '' if $wrote;
            if (!defined $wrote && !$!{EAGAIN} && !$!{EINTR} || length $r->{out} > 8_388_608) { close_x($r, 'its X server takes nothing more'); next }
        }
        my $part = '';
        my $got = sysread $r->{socket}, $part, $X_PART;
        next if !defined $got && ($!{EAGAIN} || $!{EINTR});
        if (!$got) { close_x($r, 'its X server ended the connection'); next }
        send_x_event($r->{id}, 'data', undef, unpack 'H*', $part);
    }
    return;
}

sub close_x {
    my ($r, $why) = @_;
    delete $relay{ $r->{id} };
    close $r->{socket};
    send_x_event($r->{id}, 'failed', $why);
    return;
}

# Takes a message back, or lets go of an X server.
sub stop {
    my ($id) = @_;
    my $m = delete $message{$id};
    end_dialog($m) if $m;
    my $r = delete $relay{$id};
    close $r->{socket} if $r;
    return;
}

END { end_dialog($_) for values %message }
