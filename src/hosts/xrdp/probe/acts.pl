# Acts. Each compares first: the session must be the one that is meant, and the reason must still hold. Every signal goes
# through a pidfd (pidfd_open(2)), whose process is looked at again before: a pid that was taken anew is never hit.
use strict;
use warnings;

my ($PIDFD_OPEN, $PIDFD_SEND_SIGNAL) = (434, 424);
my ($SIGKILL, $SIGTERM) = (9, 15);
my $COMMAND_TIME = 5;
my $TERM_TIME    = 2;

# How a desktop is asked to log off, by the program that runs its session, as the kernel cuts its name (15 characters). Each
# goes through the session manager, which lets programs ask "save?" (not that of LXQt); none asks whether to log off. The first that
# succeeds counts.
my %LOGOFF = (
    'xfce4-session'   => [['xfce4-session-logout', '--logout', '--fast']],
    'mate-session'    => [['mate-session-save', '--logout']],
    'gnome-session-b' => [['gnome-session-quit', '--logout', '--no-prompt']],
    'cinnamon-sessio' => [['cinnamon-session-quit', '--logout', '--no-prompt']],
    'lxqt-session'    => [['dbus-send', '--session', '--print-reply', '--dest=org.lxqt.session', '/LXQtSession', 'org.lxqt.session.logout']],
    'ksmserver'       => [
        ['dbus-send', '--session', '--print-reply', '--dest=org.kde.Shutdown', '/Shutdown', 'org.kde.Shutdown.logout'],
        ['dbus-send', '--session', '--print-reply', '--dest=org.kde.ksmserver', '/KSMServer', 'org.kde.KSMServerInterface.logout',
            'int32:0', 'int32:0', 'int32:0'],
    ],
);

# A command begun later than this could not be waited for within the 8 s that a log-off may take.
my $LAST_COMMAND_AFTER = 2.5;

# 'sent', 'gone', 'changed' (another process by now) or the system's reason for a refusal.
sub send_signal {
    my ($p, $signal) = @_;
    my $fd = syscall $PIDFD_OPEN, 0 + $p->{pid}, 0;
    return 'gone' if $fd < 0 && $!{ESRCH};
    my $now = read_process($p->{pid});
    my $fact = $now ? learn($now) : undef;
    my $same = $fact && $now->{start} eq $p->{start} && $fact->{uid} == $p->{uid};
    my $sent = !$same ? 0 : $fd >= 0 ? syscall($PIDFD_SEND_SIGNAL, $fd, $signal, 0, 0) == 0 : kill $signal, $p->{pid};
    my $why  = "$!";
    my $gone = $!{ESRCH};
    POSIX::close($fd) if $fd >= 0;
    return !$now ? 'gone' : !$same ? 'changed' : $sent ? 'sent' : $gone ? 'gone' : $why;
}

sub is_alive {
    my ($p) = @_;
    my $now = read_process($p->{pid});
    return $now && $now->{start} eq $p->{start} && $now->{state} ne 'Z';
}

sub wait_for_end {
    my ($seconds, @waiting) = @_;
    my $until = monotonic() + $seconds;
    while ((@waiting = grep { is_alive($_) } @waiting) && monotonic() < $until) { select undef, undef, undef, 0.02 }
    return @waiting;
}

# Signals, says so in @$did, and keeps the first refusal.
sub signal_each {
    my ($outcome, $signal, @target) = @_;
    my $name = $signal == $SIGKILL ? 'SIGKILL' : 'SIGTERM';
    for my $p (@target) {
        my $came = send_signal($p, $signal);
        push @{ $outcome->{did} }, \"$name to $p->{name} $p->{pid}" if $came eq 'sent';
        $outcome->{refused} //= \"$name to $p->{name} $p->{pid}: $came" if $came !~ /\A(?:sent|gone|changed)\z/;
    }
    return;
}

# Starts a command as the session's user, in the environment of its desktop. Returns its pid; undef where it cannot.
sub start_as_user {
    my ($s, $output, $environment, @command) = @_;
    my @account = getpwuid $s->{uid} or return undef;
    my ($desktop) = grep { defined } $s->{manager}, grep { $_->{uid} == $s->{uid} } @{ $s->{members} };
    my @groups = groups_of($s->{x} // $desktop);
    my $child  = fork // return undef;
    return $child if $child;
    POSIX::setsid();
    become_user($s->{uid}, $account[3], @groups) or POSIX::_exit(126);
    # Read as the user: should the pid be somebody else's by now, the kernel refuses.
    my %environment = map { /\A([^=]+)=(.*)\z/s ? ($1 => $2) : () } split /\0/,
        slurp('/proc/' . ($desktop // $s->{x})->{pid} . '/environ', 262144) // '';
    open STDIN, '<', '/dev/null';
    open STDOUT, $output ? '>&' : '>', $output // '/dev/null';
    open STDERR, $output ? '>&' : '>', $output // '/dev/null';
    chdir $account[7] or chdir '/';
    %ENV = (%environment, DISPLAY => ":$s->{display}", HOME => $account[7], USER => $account[0], LOGNAME => $account[0],
        %$environment);
    $ENV{PATH} ||= '/usr/local/bin:/usr/bin:/bin';
    exec { $command[0] } @command or POSIX::_exit(127);
}

# The same, and waits for it. True when it ended well in time.
sub run_as_user {
    my ($s, @command) = @_;
    return ended_well(start_as_user($s, undef, {}, @command));
}

sub run_as_root {
    my (@command) = @_;
    my $child = fork // return 0;
    return ended_well($child) if $child;
    @SIG{qw(TERM HUP PIPE)} = ('DEFAULT') x 3;
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    open STDERR, '>', '/dev/null';
    exec { $command[0] } @command or POSIX::_exit(127);
}

sub ended_well {
    my ($child) = @_;
    return 0 if !defined $child;
    my $until = monotonic() + $COMMAND_TIME;
    while (waitpid($child, POSIX::WNOHANG()) == 0) {
        if (monotonic() > $until) { kill $SIGKILL, $child; push @unreaped, $child; return 0 }
        select undef, undef, undef, 0.02;
    }
    return $? == 0;
}

# The further groups of a process of the user's (proc(5)); a directory of groups need not be walked.
sub groups_of {
    my ($p) = @_;
    my ($groups) = (slurp("/proc/$p->{pid}/status", 8192) // '') =~ /^Groups:[ \t]*([\d ]*)$/m;
    return grep { $_ != 0 } split ' ', $groups // '';
}

sub own_members {
    my ($s) = @_;
    my %not_own = map { $_->{pid} => 1 } grep { defined } $s->{x}, $s->{leader};
    return grep { !$not_own{ $_->{pid} } && $_->{uid} == $s->{uid} } @{ $s->{members} };
}

sub act_disconnect {
    my ($s, $outcome) = @_;
    my $serving = $s->{serving} ? $process{ $s->{serving} } : undef;
    if (!$serving) { $outcome->{refused} = \'which xrdp process serves the session cannot be seen'; return }
    if (($process{ $serving->{parent} } // { name => '' })->{name} ne 'xrdp') {
        $outcome->{refused} = \'the xrdp process that serves it is no child of xrdp (fork=false in xrdp.ini?): others would be disconnected too';
        return;
    }
    signal_each($outcome, $SIGTERM, $serving);
    return;
}

sub act_logoff {
    my ($s, $outcome) = @_;
    my $began = monotonic();
    my @own   = sort { $a->{start} <=> $b->{start} || $a->{pid} <=> $b->{pid} } own_members($s);
    my %tried;
    for my $manager (grep { $LOGOFF{ $_->{name} } } @own) {
        next if $tried{ $manager->{name} }++;
        my ($bus) = grep { defined } map { $_->{env}{DBUS_SESSION_BUS_ADDRESS} } $manager, @own;
        for my $command (@{ $LOGOFF{ $manager->{name} } }) {
            last if monotonic() - $began > $LAST_COMMAND_AFTER;
            next if !run_as_user({ %$s, manager => $manager }, 'env', defined $bus ? "DBUS_SESSION_BUS_ADDRESS=$bus" : (), @$command);
            push @{ $outcome->{did} }, \"$command->[0] as the user";
            return;
        }
    }
    signal_each($outcome, $SIGTERM, $s->{manager} // $s->{x} // own_members($s));
    return;
}

sub act_reset {
    my ($s, $outcome) = @_;
    my ($logind) = $s->{x} && $s->{leader} ? ($s->{leader}{scope} // '') =~ /\Asession-(.+)\.scope\z/ : ();
    if ($> == 0 && defined $logind && -d '/run/systemd/system' && !$s->{shared_scope}) {
        my @terminate = ('terminate-session', $logind);
        push @{ $outcome->{did} }, \"loginctl @terminate" if run_as_root('loginctl', '--no-ask-password', @terminate);
        wait_for_end($TERM_TIME, own_members($s), grep { defined } $s->{x}) if @{ $outcome->{did} };
    }
    signal_each($outcome, $SIGTERM, grep { is_alive($_) } grep { defined } $s->{x});
    wait_for_end($TERM_TIME, $s->{x}) if $s->{x};
    signal_each($outcome, $SIGTERM, grep { is_alive($_) } own_members($s));
    return;
}

sub act_kill_logon {
    my ($s, $outcome) = @_;
    signal_each($outcome, $SIGTERM, grep { defined } $s->{x});
    return;
}

# The X server gets its chance to clean up; killed, it would leave a lock that burns the display number.
sub act_kill_all {
    my ($s, $outcome) = @_;
    if ($s->{x}) {
        signal_each($outcome, $SIGTERM, $s->{x});
        signal_each($outcome, $SIGKILL, $s->{x}) if wait_for_end($TERM_TIME, $s->{x});
        wait_for_end($TERM_TIME, $s->{x});
        remove_lock($s, $outcome);
    }
    signal_each($outcome, $SIGKILL, grep { is_alive($_) } own_members($s));
    return;
}

sub remove_lock {
    my ($s, $outcome) = @_;
    my $lock = "/tmp/.X$s->{display}-lock";
    return if is_alive($s->{x}) || -l $lock || !-f $lock || (stat _)[4] != $s->{uid};
    return if (slurp($lock, 64) // '') !~ /\A\s*$s->{x}{pid}\s*\z/;
    push @{ $outcome->{did} }, \"removed $lock, which the killed X server left" if unlink $lock;
    unlink "/tmp/.X11-unix/X$s->{display}";
    return;
}

sub act_kill_process {
    my ($s, $outcome, $pid, $start) = @_;
    my ($p) = grep { $_->{pid} == $pid && $_->{start} eq $start } @{ $s->{members} };
    if (!$p) { $outcome->{changed} = \"process $pid is not of this session any more"; return }
    if ($s->{leader} && $p->{pid} == $s->{leader}{pid}) {
        $outcome->{refused} = \'the session leader is never killed: that would orphan the session';
        return;
    }
    if ($p->{uid} != $s->{uid}) { $outcome->{refused} = \'the process is not of the session\'s user'; return }
    signal_each($outcome, $SIGTERM, $p);
    signal_each($outcome, $SIGKILL, $p) if wait_for_end($TERM_TIME, $p);
    return;
}

my %ACT = (
    'disconnect' => \&act_disconnect, 'logoff' => \&act_logoff, 'reset' => \&act_reset,
    'kill-logon' => \&act_kill_logon, 'kill-all' => \&act_kill_all, 'kill-process' => \&act_kill_process,
);

# Acts that may also end what a session left behind when its X server went.
my %ON_REMAINS = map { ($_ => 1) } qw(reset kill-all kill-process);

sub find_target {
    my ($host, $pid, $start, $uid) = @_;
    return (grep { my $a = anchor_of($_); $a->{pid} == $pid && $a->{start} eq $start && $_->{uid} == $uid }
        @{ $host->{sessions} }, @{ $host->{leftovers} })[0];
}

sub state_of {
    my ($s) = @_;
    return !$s->{x} ? 'down' : !defined $s->{connected} ? 'unknown' : ($s->{connected} // '') eq 'true' ? 'active' : 'disconnected';
}

# Why the reason for the act is gone: another state, or its user came back. Undef where nothing stands against it.
sub why_changed {
    my ($s, $state, $input) = @_;
    return "it was $state, it is " . state_of($s) . ' now' if $state ne '-' && $state ne state_of($s);
    return undef if $input eq '-' || !$s->{x};
    learn_cookies($X_SERVER_WAIT, $s);
    my $asked = { display => $s->{display}, pid => $s->{x}{pid}, cookie => cookie_of($s->{x}) };
    my $idle = ask_x_servers([$asked], $X_SERVER_WAIT)->{ $s->{x}{pid} }{idle_ms};
    return 'whether its user came back cannot be seen' if !defined $idle;
    my $last = clock($CLOCK_REALTIME) - $idle / 1000;
    $last = $s->{joined_at} if defined $s->{joined_at} && $s->{joined_at} > $last;
    return $last > $input + 1.5 ? 'its user came back' : undef;
}

sub act_answer {
    my ($id, $boot, $act, $display, $pid, $start, $uid, $state, $input, @more) = @_;
    my $host = read_host();
    my %outcome = (did => [], changed => undef, refused => undef);
    my $here = $boot eq (boot_id() // '');
    my $s = $here ? find_target($host, $pid, $start, $uid) : undef;
    my $why;
    if (!$s && $here && $ON_REMAINS{$act}) {
        my @left = remains_of($host, $display, $start, $uid, "$pid $start");
        $s = { display => $display, uid => $uid, members => \@left, oldest => $left[0] } if @left;
    }
    elsif ($s) { $why = why_changed($s, $state, $input) }
    $why //= 'the session is not there any more' if !$s;
    if (defined $why) { $outcome{changed} = \$why }
    else { $ACT{$act}->($s, \%outcome, @more) }
    return { kind => \'act', id => $id, version => 1, %outcome };
}

# What is left of a session whose X server is gone: by display, user and age, by its scope, and what was seen in it before
# or descends from that. A zombie holds nothing but its number.
sub remains_of {
    my ($host, $display, $start, $uid, $which) = @_;
    my %others = map { $_->{pid} => 1 } map { @{ $_->{members} } } @{ $host->{sessions} };
    my $trace  = $traces{$which} // {};
    my $seen   = sub { $trace->{member}{"$_[0]{pid} $_[0]{start}"} };
    return grep {
        my $p = $_;
        !$others{ $p->{pid} } && $p->{state} ne 'Z' && ($trace->{member}{"$p->{pid} $p->{start}"} || $p->{uid} == $uid && !$p->{user_service}
            && (nearest($p, $seen)
            || defined $trace->{scope} && ($p->{scope} // '') eq $trace->{scope}
            || is_leftover($p) && $p->{display} == $display && $p->{start} >= $start))
    } values %process;
}

# What a session is known by after its X server went, for a connection that has not seen it: PID:START of each process,
# and its scope where it has one of its own.
my $MOST_TRACES = 4096;

sub traces_of {
    my ($which) = @_;
    my $trace = $traces{$which} or return [];
    my @member = sort keys %{ $trace->{member} };
    splice @member, $MOST_TRACES if @member > $MOST_TRACES;
    s/ /:/ for @member;
    return [map { \$_ } @member, defined $trace->{scope} ? "scope:$trace->{scope}" : ()];
}

sub learn_traces {
    my ($which, @trace) = @_;
    my %member = map { /\A(\d+):(\d+)\z/ ? ("$1 $2" => 1) : () } @trace;
    my ($scope) = map { /\Ascope:(session-[^\/\s]+\.scope)\z/ ? $1 : () } @trace;
    return if !@trace;
    my $known = $traces{$which} //= { at => monotonic(), scope => $scope, member => {} };
    @{ $known->{member} }{ keys %member } = values %member;
    return;
}

sub presence_answer {
    my ($id, $boot, $display, $pid, $start, $uid, @trace) = @_;
    my $same_boot = $boot eq (boot_id() // '');
    my $which = "$pid $start";
    learn_traces($which, @trace) if $same_boot;
    my $host = read_host();
    my $s = $same_boot ? find_target($host, $pid, $start, $uid) : undef;
    my @left = $s || !$same_boot ? () : remains_of($host, $display, $start, $uid, $which);
    my $sample = take_sample($host->{tcp});
    return {
        kind => \'presence', id => $id, version => 1, now => clock($CLOCK_REALTIME), bootId => \boot_id(),
        everyProcessSeen => flag($host->{whole} && -e '/proc/1/stat' && !grep { $_->{denied} && $_->{uid} == $uid } values %process),
        found => flag($s), traced => flag(!$same_boot || $traces{$which}), traces => traces_of($which),
        processes => [map { process_answer({ uid => $uid, leader => is_leader($_) ? $_ : undef }, $_, $sample, 200) }
            (sort { $a->{pid} <=> $b->{pid} } @left)[0 .. ($#left > 499 ? 499 : $#left)]],
    };
}
