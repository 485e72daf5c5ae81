# What the probe says: the shape of each answer, version 1.
use strict;
use warnings;

sub process_brief {
    my ($p) = @_;
    return undef if !$p;
    return { pid => $p->{pid}, start => \"$p->{start}", name => \"$p->{name}", state => \"$p->{state}" };
}

sub client_name {
    my ($s) = @_;
    my $named = $s->{serving} ? $by_pid{ $s->{serving} } : undef;
    return $named->{name} if $named && $named->{at} >= started_at($process{ $s->{serving} }) - 2;
    my $by = $s->{link} && $s->{serving} ? $by_port{"$s->{link}{to} $s->{link}{to_port}"} : undef;
    return $by && $by->{at} >= started_at($process{ $s->{serving} }) - 2 ? $by->{name} : undef;
}

sub memory_sum {
    my ($now, @members) = @_;
    my $sum = 0;
    for my $p (@members) {
        my $bytes = memory_of($p, $now);
        return undef if !defined $bytes && $process{ $p->{pid} } && !-e "/proc/$p->{pid}/exe" && -e "/proc/$p->{pid}";
        $sum += $bytes // 0;
    }
    return $sum;
}

sub session_answer {
    my ($s, $sample, $said) = @_;
    my ($inode) = $s->{link} ? $s->{link}{inode} : undef;
    my $seen = !grep { $_->{denied} } @{ $s->{members} };
    my @own  = grep { role_of($s, $_) =~ /\A(?:user|window-manager)\z/ } @{ $s->{members} };
    my ($address, $port) = $s->{link} ? @{ $s->{link} }{qw(to to_port)} : ();
    return {
        display => $s->{display}, uid => $s->{uid}, user => \(account_name($s->{uid})->[0]),
        xServer => process_brief($s->{x}), leader => process_brief($s->{leader}),
        oldest  => process_brief($s->{oldest}),
        leftFor => $s->{left_for},
        managed => flag($s->{leader} && is_managed($s->{leader})),
        windowManager => process_brief($s->{manager}),
        connected => $s->{connected},
        startedAt => started_at($s->{x} // $s->{leader} // $s->{oldest}),
        joinedAt => $s->{joined_at}, leftAt => $s->{left_at},
        clientAddress => \$address, clientPort => $port, clientName => \client_name($s),
        rttMicroseconds => $s->{link}{rtt}, unackedSegments => $s->{link}{unacked}, ackAgeMs => $s->{link}{last_ack},
        bytesInPerSecond => defined $inode ? link_rate($sample, $inode, 0) : undef,
        bytesOutPerSecond => defined $inode ? link_rate($sample, $inode, 1) : undef,
        xAnswered => defined $said->{answered} ? flag($said->{answered}) : undef,
        idleMs => $said->{idle_ms},
        width => $said->{width}, height => $said->{height}, depth => $said->{depth},
        processCount => $seen ? scalar @{ $s->{members} } : undef,
        userProcessCount => $seen ? scalar @own : undef,
        stopped => [map { process_brief($_) } grep { $_->{state} =~ /\A[Tt]\z/ } @own[0 .. ($#own > 63 ? 63 : $#own)]],
        cpuPercent => $seen ? processor_share($sample, @{ $s->{members} }) : undef,
        memoryBytes => $seen ? memory_sum($sample->{at}, @{ $s->{members} }) : undef,
    };
}

# xrdp-sesman 0.9 forks its leaders and forgets them when it is restarted; xrdp-sesexec (0.10) likewise.
sub is_managed {
    my ($leader) = @_;
    my $parent = $process{ $leader->{parent} };
    return $parent && $parent->{name} eq 'xrdp-sesman';
}

# A log-off takes a moment: what it leaves counts only when it is still there after that (not while watching, where
# another reading follows anyway).
my $LOGOFF_TIME = 0.5;

sub list_answer {
    my ($id, $watched) = @_;
    my $began = monotonic();
    my $host  = read_host();
    if (!$watched && grep { $_->{left_for} < $LOGOFF_TIME } @{ $host->{leftovers} }) {
        select undef, undef, undef, $LOGOFF_TIME;
        $host = read_host();
    }
    for my $inode (keys %{ $host->{tcp} // {} }) { $host->{tcp}{$inode}{inode} = $inode }
    my $sample = take_sample($host->{tcp});
    learn_cookies($X_SERVER_WAIT, @{ $host->{sessions} });
    my $said = ask_x_servers([map { { display => $_->{display}, pid => $_->{x}{pid}, cookie => cookie_of($_->{x}) } }
            @{ $host->{sessions} }], $X_SERVER_WAIT);
    my %answer = (
        kind => \'list', id => $id, version => 1, now => clock($CLOCK_REALTIME), bootId => \boot_id(),
        everyProcessSeen => flag($host->{whole} && -e '/proc/1/stat' && !grep { $_->{denied} } values %process),
        socketsSeen => flag($host->{sockets} && $host->{tcp}), ownersSeen => flag(!$host->{fd_denied}),
        clientLogSeen => flag($host->{logged}), staleLocks => stale_locks(), crowded => $host->{crowded},
        sesmanRunning => flag(scalar grep { is_leader($_) && !$_->{contained} } values %process),
        sessions => [
            (map { session_answer($_, $sample, $said->{ $_->{x}{pid} } // {}) } @{ $host->{sessions} }),
            (map { session_answer($_, $sample, {}) } @{ $host->{leftovers} }),
        ],
    );
    keep_sample($sample);
    forget_gone();
    $answer{tookMs} = (monotonic() - $began) * 1000;
    return \%answer;
}

sub process_answer {
    my ($s, $p, $sample, $longest) = @_;
    my $command = join ' ', arguments_of($p->{pid});
    $longest //= 1024;
    $command = length $command ? substr $command, 0, $longest : undef;
    $command =~ s/[\xc0-\xff][\x80-\xbf]*\z// if defined $command && length $command == $longest;
    return {
        pid => $p->{pid}, parent => $p->{parent}, name => \"$p->{name}", start => \"$p->{start}",
        state => \"$p->{state}", user => \(account_name($p->{uid})->[0]), uid => $p->{uid}, command => \$command,
        startedAt => started_at($p), cpuSeconds => $p->{ticks} / $TICKS, cpuPercent => processor_share($sample, $p),
        memoryBytes => memory_of($p, $sample->{at}), role => \role_of($s, $p),
    };
}

sub processes_answer {
    my ($id, $pid, $start, $uid) = @_;
    my $host   = read_host();
    my $sample = take_sample($host->{tcp});
    my ($s) = grep { my $a = $_->{x} // $_->{leader} // $_->{oldest}; $a->{pid} == $pid && $a->{start} eq $start && $_->{uid} == $uid }
        @{ $host->{sessions} }, @{ $host->{leftovers} };
    my %answer = (
        kind => \'processes', id => $id, version => 1, now => clock($CLOCK_REALTIME), bootId => \boot_id(),
        everyProcessSeen => flag($host->{whole} && -e '/proc/1/stat' && !grep { $_->{denied} } values %process), found => flag($s),
        processes => [map { process_answer($s, $_, $sample) }
            sort { $a->{start} <=> $b->{start} || $a->{pid} <=> $b->{pid} } @{ $s ? $s->{members} : [] }],
    );
    keep_sample($sample);
    return \%answer;
}
