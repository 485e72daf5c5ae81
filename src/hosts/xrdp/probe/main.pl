# The conversation: one request a line on standard input, one frame an answer. Ends with its input; leaves nothing.
use strict;
use warnings;

our %watching;

# BOOT DISPLAY PID START UID: which session is meant.
my $TARGET = qr/([0-9a-f-]{36}) (\d{1,5}) (\d{1,10}) (\d{1,20}) (\d{1,10})/;

sub boot_id { my ($id) = (slurp('/proc/sys/kernel/random/boot_id', 64) // '') =~ /([0-9a-f-]{36})/; return $id }

# The cheap signs that a session began, ended, or was joined or left.
sub signs {
    my $sockets = read_display_sockets();
    my @sign;
    for my $display (sort keys %{ $sockets // {} }) {
        my $s = $sockets->{$display};
        my $since = (lstat "$s->{directory}/xrdp_chansrv_socket_$display")[9] // '-';
        push @sign, join ' ', $display, $s->{listening}, sort(@{ $s->{peers} }), $since;
    }
    if (opendir my $displays, '/tmp/.X11-unix') { push @sign, sort readdir $displays }
    my $tcp = read_tcp() // {};
    push @sign, sort map { "$_ $tcp->{$_}{to_port}" }
        grep { $tcp->{$_}{to_port} >= 5900 && $tcp->{$_}{to_port} < 7000 && $tcp->{$_}{to} =~ $LOOPBACK } keys %$tcp;
    return join '|', @sign;
}

sub watch_once {
    my $now  = monotonic();
    my $sign = signs();
    return if $sign eq $watching{sign} && $now < $watching{due};
    my $soon = $sign eq $watching{sign} ? $watching{every} : 1;
    @watching{qw(sign due)} = ($sign, $now + ($soon < $watching{every} ? $soon : $watching{every}));
    send_frame(list_answer($watching{id}, 1));
    return;
}

# The first answer waits until it can tell rates; later ones compare with those before.
sub wait_for_rates {
    my $left = @samples == 1 ? $RATE_WINDOW - (monotonic() - $samples[0]{at}) : 0;
    select undef, undef, undef, $left if $left > 0;
    return;
}

sub obey {
    my ($line) = @_;
    if ($line =~ /\Alist (\d{1,9})\z/) { wait_for_rates(); send_frame(list_answer($1)) }
    elsif ($line =~ /\Aprocesses (\d{1,9}) (\d{1,10}) (\d{1,20}) (\d{1,10})\z/) {
        wait_for_rates();
        send_frame(processes_answer($1, $2, $3, $4));
    }
    elsif ($line =~ /\Aact (\d{1,9}) ([a-z-]{1,20}) $TARGET ([a-z-]{1,20}) (-|\d{1,15}(?:\.\d{1,9})?)(?: (\d{1,10}) (\d{1,20}))?\z/
        && $ACT{$2} && ($2 ne 'kill-process' || defined $10))
    {
        send_frame(act_answer($1, $3, $2, $4, $5, $6, $7, $8, $9, $10, $11));
    }
    elsif ($line =~ /\Apresence (\d{1,9}) $TARGET((?: [!-~]{1,300})*)\z/) {
        send_frame(presence_answer($1, $2, $3, $4, $5, $6, split ' ', $7));
    }
    elsif ($line =~ /\Awatch (\d{1,9}) (\d{1,9}) (\d{1,9})\z/) {
        wait_for_rates();
        @watching{qw(id poll every sign due)} = ($1, $2 / 1000, $3 / 1000, '', 0);
    }
    elsif ($line =~ /\Aexamine (\d{1,9})\z/) { send_frame(examination_answer($1)) }
    elsif ($line =~ /\Aunwatch\z/) { delete $watching{id} }
    elsif ($line =~ /\Amessage (\d{1,9}) $TARGET (\d{1,7}) ([a-z,]{1,40}|-)((?: (?:[0-9a-f]{2}){1,8192}){4,24})\z/) {
        start_message($1, $2, $3, $4, $5, $6, $7, $8, split ' ', $9);
    }
    elsif ($line =~ /\Ax-open (\d{1,9}) $TARGET\z/) { open_x($1, $2, $3, $4, $5, $6) }
    elsif ($line =~ /\Ax-send \d{1,9} (\d{1,9}) ((?:[0-9a-f]{2})+)\z/) { feed_x($1, $2) }
    elsif ($line =~ /\Astop \d{1,9} (\d{1,9})\z/) { stop($1) }
    else { send_frame({ kind => \'refused', version => 1 }); exit 2 }
    return;
}

# Waits for a request, for a dialog or an X server, or until something is due. True when a request is there.
sub wait_for_input {
    my ($reads, $writes) = ('', '');
    vec($reads, fileno $_, 1) = 1 for *STDIN, message_pipes(), map { $_->{socket} } values %relay;
    vec($writes, fileno $_->{socket}, 1) = 1 for grep { length $_->{out} } values %relay;
    my ($soonest) = sort { $a <=> $b } defined $watching{id} ? $watching{poll} : (), %message ? 0.1 : ();
    my $ready = select $reads, $writes, undef, $soonest;
    return $ready > 0 && vec $reads, fileno STDIN, 1;
}

sub main {
    $| = 1;
    $SIG{PIPE} = 'IGNORE';
    # An end by a signal is an end like any other: what END takes back is taken back.
    @SIG{qw(TERM HUP)} = (sub { exit 0 }) x 2;
    my $uid = $>;
    read_processes();
    keep_sample(take_sample(read_tcp()));
    send_frame({ kind => \'hello', version => 1, uid => $uid, user => \(getpwuid($uid) // "$uid") });
    my $input = '';
    while (1) {
        my $ready = wait_for_input();
        if ($ready) {
            my $got = sysread STDIN, $input, 65536, length $input;
            exit 0 if !$got;
            exit 2 if length $input > 1048576;
            obey($1) while $input =~ s/\A([^\n]*)\n//;
        }
        watch_once() if defined $watching{id};
        look_after_messages() if %message;
        look_after_relays() if %relay;
    }
}

main();
