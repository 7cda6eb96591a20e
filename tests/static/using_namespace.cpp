// `using namespace lamina` takes no ordinary word: a program's own globals may be named as they like. (It
// takes the documented functions and numbers, such as `fit`, `seed`, `width` and `size`, which fwd.hpp lists.) g++
// takes a lambda's parameter inside lamina for one that hides the global.
#pragma GCC diagnostic ignored "-Wshadow"

#include <lamina/lamina.hpp>

using namespace lamina;

using Digits = Net<Conv<2, 3>, ReLU, MaxPool<2, 2>, Dense<3>>;
using Classifier = Model<Digits, Shape<1, 6, 6>>;

static Classifier model{seed{1}};
static MeanSquaredError loss;
static SGD optimizer{.learning_rate = 0.1};
static Trainer trainer{model, loss, optimizer};
static const StepDecay schedule;
static Classifier::Workspace workspace;
static data::Images validation{"none", dims{1, 6, 6}, {}, {}};
static const data::Images* data_set = &validation;
static Checkpoints checkpoints{trainer, {.last = "last.safetensors"}};
static EpochReport report;

// Others that are words of problems, or are ordinary enough for lamina to be tempted.
static int layer, layers, network, net, on_epoch, embedded, never, types, convert, unfit, parameters, weight,
    weights, bias, input, output, batch, image, images, label, labels, epoch, epochs, rate, step, kernel,
    filter, filters, stride, padding, window, slope, outputs, index_of, count, samples, metrics,
    accuracy, confusion, gradient, gradients, optimiser, state, memory, threads, team, run_saver, position,
    progress, options, path, file, name, text, tensor, view, shape, order, random_number, error, message,
    result, check, verify, require, expect, validate, number, version, verdict, run, plan, pass, operation,
    activation;

int use_all_of_them();
int use_all_of_them() {
    const auto on_epoch_end = [](const EpochReport& r) { report = r; };
    fit(trainer, *data_set,
        {.schedule = schedule,
         .validation = &validation,
         .on_epoch = on_epoch_end,
         .checkpoints = &checkpoints,
         .progress = false});
    (void)model.forward({}, workspace);
    loss = trainer.loss;
    optimizer = trainer.optimizer;
    (void)evaluate(model, validation);
    return layer + layers + network + net + on_epoch + embedded + never + types + convert + unfit +
           parameters + weight + weights + bias + input + output + batch + image + images + label + labels +
           epoch + epochs + rate + step + kernel + filter + filters + stride + padding + window + slope +
           outputs + index_of + count + samples + metrics + accuracy + confusion + gradient +
           gradients + optimiser + state + memory + threads + team + run_saver + position + progress +
           options + path + file + name + text + tensor + view + shape + order + random_number + error +
           message + result + check + verify + require + expect + validate + number + version + verdict +
           run + plan + pass + operation + activation;
}
